import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { rowText } from "../../src/tui/text/row.ts";
import { read } from "../tui/markdown/markdowns.ts";
import {
  cursorIsShown,
  FakeScreen,
  keys,
  ownFolders,
  PseudoTerminal,
  type TerminalOptions,
} from "./pseudo-terminal.ts";
import { built, closeAfterTest, model, program } from "./program.ts";

interface ChatOptions extends TerminalOptions {
  readonly argv?: readonly string[];
}

/** With the dial off: the status row says what the knobs stand at from the start. */
function openChat({ argv = [], ...options }: ChatOptions = {}): PseudoTerminal {
  const all = [program, "--model", model, "--doubt", "off", "--block-length", "4", ...argv];
  const env = { ...ownFolders(), COLORTERM: "", ...options.env };
  const terminal = new PseudoTerminal(process.execPath, all, { ...options, env });
  closeAfterTest(terminal);
  return terminal;
}

const working = /^(?:block \d|reading|loading|stopping|still working)/m;
const decoding = /^block \d+/m;
const statusRow = /[≥≤=][01]\.\d\d\S* {2}B\d+/;
/** Rows that are drawn over again: block line, status, masks, the prompt where it is empty. */
const liveRow = new RegExp(`${statusRow.source}|${decoding.source}|░|^> message, or`);
const idle = (window: string) => statusRow.test(window) && !working.test(window);

async function ask(terminal: PseudoTerminal, text: string): Promise<void> {
  await terminal.until(idle);
  await terminal.press(text, keys.enter);
  await terminal.until(decoding);
}

const squeezed = (text: string) => text.replaceAll(/\s/g, "");

/** The last answer as the program shows it, from what it saves. */
async function shownAnswer(terminal: PseudoTerminal): Promise<string> {
  return read(await savedAnswer(terminal), 78)
    .map(rowText)
    .join("\n");
}

/** The last answer as the program saves it. */
async function savedAnswer(terminal: PseudoTerminal): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), "sdar-chat-")), "chat.md");
  await terminal.press(`/save ${path}`, keys.enter);
  await terminal.until(/Saved as/);
  const answer =
    readFileSync(path, "utf8")
      .split(/^## .*$/m)
      .at(-1) ?? "";
  return answer.replace(/\*\([^*]+\)\*\s*$/, "").trim();
}

interface Painted {
  readonly window: readonly string[];
  readonly scrollback: readonly string[];
}

/** Paints the frames one by one on a second screen, of the same size, and keeps what each looked like. */
async function everyFrame(terminal: PseudoTerminal): Promise<Painted[]> {
  const screen = new FakeScreen(terminal.terminal.cols, terminal.terminal.rows);
  const painted: Painted[] = [];
  for (const frame of terminal.frames()) {
    await screen.write(frame);
    painted.push({ window: screen.window(), scrollback: screen.scrollback() });
  }
  return painted;
}

/** Answers that take a second or two. */
const short = ["--max-tokens", "24"];

/** Cells of the window that show a character the pattern knows, as "x,y". */
function cellsOf({ window }: Painted, pattern: RegExp): Set<string> {
  return new Set(
    window.flatMap((row, y) =>
      Array.from(row, (character, x) => (pattern.test(character) ? [`${x},${y}`] : [])).flat(),
    ),
  );
}

describe.skipIf(!built)("the program in a terminal", () => {
  test("the prompt takes a message while the model loads, and answers it", async () => {
    const terminal = openChat({ argv: short });
    await terminal.until(/^> /m);
    await terminal.press("What is the capital of France?", keys.enter);
    await terminal.until(decoding);
    await terminal.until(idle);
    const answer = squeezed(await shownAnswer(terminal));
    expect(answer).not.toBe("");
    expect(squeezed(terminal.page())).toContain(answer);
  });

  test("masks stand inside the sentence and resolve in place", async () => {
    const terminal = openChat({ argv: short });
    await ask(terminal, "Tell me three facts about the sea.");
    await terminal.until(idle);
    const frames = await everyFrame(terminal);
    const masked = frames.findIndex((frame) => cellsOf(frame, /░/).size >= 6);
    expect(masked).toBeGreaterThan(0);
    const later = frames.slice(masked).map((frame) => cellsOf(frame, /\w/));
    const masks = [...cellsOf(frames[masked] ?? { window: [], scrollback: [] }, /░/)];
    expect(masks.filter((cell) => later.some((cells) => cells.has(cell))).length).toBeGreaterThan(3);
    expect(terminal.page()).not.toContain("░");
  });

  test.for([
    [80, 24],
    [120, 40],
    [60, 12],
    [40, 9],
  ] as const)("every frame of %i x %i has one status row and leaves the scrollback alone", async (size) => {
    const terminal = openChat({
      columns: size[0],
      rows: size[1],
      argv: ["--max-tokens", "120"],
    });
    await ask(terminal, "Tell me three facts about the sea.");
    await terminal.press(keys.altRight, "typed meanwhile", keys.altUp, keys.altDown);
    await terminal.until((window) => !working.test(window), 60_000);
    const frames = (await everyFrame(terminal)).filter(({ window }) =>
      window.some((row) => row.startsWith(">")),
    );
    expect(frames.length).toBeGreaterThan(20);
    expect(frames.map(({ window }) => window.filter((row) => statusRow.test(row)).length)).toEqual(
      frames.map(() => 1),
    );
    for (const [index, { scrollback }] of frames.entries()) {
      const before = frames[index - 1]?.scrollback ?? [];
      expect(scrollback.slice(0, before.length)).toEqual(before);
      expect(scrollback.filter((row) => liveRow.test(row))).toEqual([]);
    }
    expect(terminal.raw).not.toContain("\u001B[2J");
    expect(terminal.raw).not.toContain("\u001B[3J");
    expect(frames.some(({ window }) => window.some((row) => row.includes("B4→8")))).toBe(true);
    expect(terminal.page()).toContain("> typed meanwhile");
  });

  test("a storm of resizes loses no word of the answer", async () => {
    const terminal = openChat({ argv: ["--max-tokens", "160"] });
    await ask(terminal, "Write a story about a fox and a river.");
    for (const [columns, rows] of storm) {
      await terminal.resize(columns, rows);
      await delay(columns % 7 === 0 ? 400 : 60);
    }
    await terminal.until(idle, 50_000);
    const words = (await shownAnswer(terminal)).split(/\s+/).filter((word) => word.length < 40);
    const page = terminal.page().split(/\s+/);
    const missing: string[] = [];
    let at = 0;
    for (const word of words) {
      const found = page.indexOf(word, at);
      if (found === -1) missing.push(word);
      else at = found + 1;
    }
    expect(missing).toEqual([]);
  });

  test("what is pasted comes into the prompt as it is, and is sent by Enter alone", async () => {
    const terminal = openChat();
    await terminal.until(idle);
    await terminal.paste("What is this?\r\n\tx = 1\u001B[2J\r\n日本語 👩‍👩‍👧‍👦");
    await terminal.until(/^ {6}x = 1\[2J$/m);
    await terminal.press(keys.enter);
    await terminal.until(decoding);
    expect(terminal.page()).toContain("> What is this?\n      x = 1[2J\n  日本語 👩‍👩‍👧‍👦\n");
    await terminal.press(keys.escape);
  });

  test("Esc stops an answer: what is resolved stays, nothing is masked, the prompt lives", async () => {
    const terminal = openChat();
    await ask(terminal, "Write a very long story about the sea.");
    await terminal.press("kept", keys.escape);
    await terminal.until(/^> kept/m);
    await terminal.until((window) => !working.test(window));
    expect(terminal.page()).not.toContain("░");
    await terminal.press("\u0015");
    const answer = await shownAnswer(terminal);
    expect(answer).not.toBe("");
    expect(squeezed(terminal.page())).toContain(squeezed(answer));
  });

  test.for([
    ["/quit", 0, async (terminal: PseudoTerminal) => terminal.press("/quit", keys.enter)],
    ["Ctrl-D", 0, async (terminal: PseudoTerminal) => terminal.press(keys.ctrlD)],
    ["Ctrl-C twice", 0, async (terminal: PseudoTerminal) => terminal.press(keys.ctrlC, keys.ctrlC)],
    ["SIGTERM", 143, (terminal: PseudoTerminal) => terminal.child.kill("SIGTERM")],
    ["SIGHUP", 129, (terminal: PseudoTerminal) => terminal.child.kill("SIGHUP")],
  ] as const)("%s leaves the terminal as it was", async ([, code, leave]) => {
    const terminal = openChat();
    await terminal.until(idle);
    expect(terminal.terminal.modes.bracketedPasteMode).toBe(true);
    await leave(terminal);
    expect(await terminal.exit).toBe(code);
    expect(terminal.terminal.modes.bracketedPasteMode).toBe(false);
    expect(terminal.terminal.modes.wraparoundMode).toBe(true);
    expect(cursorIsShown(terminal.raw)).toBe(true);
    expect(terminal.window().filter((row) => row.startsWith(">") || statusRow.test(row))).toEqual([]);
  });

  test("leaving gives back the modes that the terminal had", async () => {
    const command = `stty -a; "$0" "$@"; echo "left with $?"; stty -a`;
    const argv = ["-c", command, process.execPath, program, "--model", model, "--doubt", "off"];
    const terminal = new PseudoTerminal("bash", argv, { rows: 40, env: ownFolders() });
    closeAfterTest(terminal);
    await terminal.until(idle);
    await terminal.press(keys.ctrlD);
    expect(await terminal.exit).toBe(0);
    const modes = terminal.page().match(/^speed [^]*?echoke[^\n]*/gm) ?? [];
    expect(modes).toHaveLength(2);
    expect(modes[1]).toBe(modes[0]);
  });

  test("an engine that is killed costs the answer's rest, not the chat", async () => {
    const terminal = openChat();
    await ask(terminal, "Write a very long story about the sea.");
    await terminal.until(/^block [3-9]/m);
    process.kill(await terminal.childOfChild(), "SIGKILL");
    await terminal.until(/engine's process ended/);
    await terminal.until(idle);
    expect(terminal.page()).not.toContain("░");
    expect(squeezed(terminal.page())).toContain(squeezed(await shownAnswer(terminal)));
    await ask(terminal, "What is the capital of France?");
  });

  test("NO_COLOR takes the colours and leaves the forms", async () => {
    const terminal = openChat({ env: { NO_COLOR: "1" } });
    await ask(terminal, "Write a story about a fox and a river.");
    await terminal.until(/^block (?:[2-9]\d|\d{3})/m);
    const sequences = new Set(terminal.raw.match(/\[[\d;]*m/g));
    expect([...sequences].filter((each) => /\[(?:3|4|9|10)\d/.test(each))).toEqual([]);
    // Underlined, underlined and bold, or inverse: how doubtful the model is, is the model's.
    expect([...sequences].filter((each) => /\[(?:4|4;1|7)m/.test(each))).not.toEqual([]);
  });

  test("a dumb terminal gets lines and no control sequence", async () => {
    const terminal = openChat({ env: { TERM: "dumb" }, argv: short });
    await terminal.until(/^> ?$/m);
    await terminal.press("What is the capital of France?", keys.enter);
    await terminal.until(/^> What is the capital of France\?\n[^]*\S\s*\n> ?\s*$/m);
    expect(terminal.raw).not.toContain("\u001B");
    await terminal.press(keys.ctrlD);
    expect(await terminal.exit).toBe(0);
  });
});

const storm = [
  ...Array.from({ length: 24 }, (_, index) => [60 + ((index * 17) % 50), 14 + ((index * 5) % 20)] as const),
  [80, 24] as const,
];
