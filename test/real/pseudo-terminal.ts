import { mkdtempSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pty, { type IPty } from "@lydell/node-pty";
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import xterm from "@xterm/headless";

const startOfFrame = "\u001B[?2026h";
const endOfFrame = "\u001B[?2026l";

export const project = resolve(import.meta.dirname, "../..");

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** where the program runs; default: the project's folder */
  readonly folder?: string;
}

/** A screen that a program's output can be fed to, and read back cell by cell. */
export class FakeScreen {
  readonly terminal: xterm.Terminal;

  constructor(columns: number, rows: number) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true });
    this.terminal.loadAddon(new UnicodeGraphemesAddon());
    this.terminal.unicode.activeVersion = "15-graphemes";
  }

  write(data: string): Promise<void> {
    return new Promise((done) => this.terminal.write(data, done));
  }

  /** Rows that scrolled away, oldest first. */
  scrollback(): string[] {
    return this.#rows(0, this.terminal.buffer.active.baseY);
  }

  /** Rows of the window. */
  window(): string[] {
    const { baseY } = this.terminal.buffer.active;
    return this.#rows(baseY, baseY + this.terminal.rows);
  }

  /** Everything there is, rows that the terminal wrapped joined again. */
  page(): string {
    const { active } = this.terminal.buffer;
    let text = "";
    for (let row = 0; row < active.baseY + this.terminal.rows; row++) {
      const line = active.getLine(row);
      text += `${row > 0 && line?.isWrapped !== true ? "\n" : ""}${line?.translateToString(true) ?? ""}`;
    }
    return text;
  }

  #rows(from: number, to: number): string[] {
    const { active } = this.terminal.buffer;
    return Array.from(
      { length: to - from },
      (_, row) => active.getLine(from + row)?.translateToString(true) ?? "",
    );
  }
}

/** A program on a terminal of its own: its keys are pressed and its screen is read by the test. */
export class PseudoTerminal extends FakeScreen {
  readonly child: IPty;
  /** all that the program wrote */
  raw = "";
  readonly exit: Promise<number>;
  #written: Promise<void> = Promise.resolve();

  constructor(
    command: string,
    argv: readonly string[],
    { columns = 80, rows = 24, env = {}, folder = project }: TerminalOptions,
  ) {
    super(columns, rows);
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(CI|NO_COLOR|FORCE_COLOR|VITEST.*)$/.test(name),
    );
    this.child = pty.spawn(command, [...argv], {
      cols: columns,
      rows,
      cwd: folder,
      name: env["TERM"] ?? "xterm-256color",
      env: { ...Object.fromEntries(inherited), ...env },
    });
    this.child.onData((data) => {
      this.raw += data;
      this.#written = this.write(data);
    });
    this.terminal.onData((reply) => this.child.write(reply));
    this.exit = this.#ended();
  }

  /** The last output may come after the end. */
  async #ended(): Promise<number> {
    const code = await new Promise<number>((done) => this.child.onExit(({ exitCode }) => done(exitCode)));
    await delay(100);
    await this.#written;
    return code;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.child.write(key);
      await delay(30);
    }
  }

  /** As a terminal hands on what was pasted, where a program has asked for the brackets. */
  async paste(text: string): Promise<void> {
    if (!this.terminal.modes.bracketedPasteMode) throw new Error("The program has not asked for brackets.");
    await this.press(`\u001B[200~${text}\u001B[201~`);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#written;
    this.terminal.resize(columns, rows);
    this.child.resize(columns, rows);
  }

  /** Waits until the window matches. @throws with the window as it is, if it never does */
  async until(wanted: RegExp | ((window: string) => boolean), limit = 30_000): Promise<void> {
    const matches = wanted instanceof RegExp ? (window: string) => wanted.test(window) : wanted;
    const end = Date.now() + limit;
    while (Date.now() < end) {
      await this.#written;
      if (matches(this.window().join("\n"))) return;
      await delay(10);
    }
    throw new Error(`${String(wanted)} never came:\n${this.window().join("\n")}`);
  }

  /** Process id of the engine: the program's only child. */
  async childOfChild(): Promise<number> {
    const { pid } = this.child;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
    return Number(children.trim().split(" ")[0]);
  }

  /**
   * Every frame as the program painted it, in order; what stands between frames goes with the one before it. A frame
   * that has come in part is none yet.
   */
  frames(): string[] {
    const frames = this.raw.split(endOfFrame).map((frame) => frame + endOfFrame);
    return frames.at(-1)?.includes(startOfFrame) ? frames.slice(0, -1) : frames;
  }
}

/** Where a program under test keeps its files: nothing of the user's own is touched. */
export function ownFolders(): Record<string, string> {
  const home = mkdtempSync(join(tmpdir(), "sdar-chat-"));
  return {
    HOME: home,
    XDG_DATA_HOME: join(home, "data"),
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_CACHE_HOME: join(home, "cache"),
  };
}

export const keys = {
  enter: "\r",
  escape: "\u001B",
  ctrlC: "\u0003",
  ctrlD: "\u0004",
  ctrlO: "\u000F",
  altUp: "\u001B[1;3A",
  altDown: "\u001B[1;3B",
  altRight: "\u001B[1;3C",
  shiftTab: "\u001B[Z",
  up: "\u001B[A",
} as const;

/** Was the cursor shown by the last sequence that said anything about it? */
export function cursorIsShown(raw: string): boolean {
  return raw.lastIndexOf("\u001B[?25h") >= raw.lastIndexOf("\u001B[?25l");
}
