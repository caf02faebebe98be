import { Readable } from "node:stream";
import { isCtrlC, withLatinLetters } from "./kitty-keys.ts";

const begin = "\u001B[200~";
const end = "\u001B[201~";
/** Silence after which a paste without an end is spoken of, milliseconds. */
const patience = 1500;
/** Characters that are kept of a paste: far more than is taken. */
const most = 2_000_000;

/** As much of a terminal's input as the keyboard needs. */
export type Input = NodeJS.ReadableStream & {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  ref?(): unknown;
  unref?(): unknown;
};

/** As much of it as the owner of the terminal needs. */
export type TerminalInput = Input & { setRawMode(raw: boolean): unknown };

/**
 * What Ink reads from instead of the terminal. It hands a paste on when it is complete, so that Ink looks for its end
 * once and not with every chunk; and Ctrl-C ends a paste whose end never comes, which Ink would wait for without ever
 * giving out another key. While Ink does not listen nothing is read: another program may have the terminal.
 */
export class Keyboard extends Readable {
  readonly isTTY: boolean;
  readonly #input: Input;
  readonly #stalled: () => void;
  #paste: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading = false;

  /** @param stalled told when the end of a paste is long in coming */
  constructor(input: Input, stalled: () => void) {
    super({ encoding: "utf8" });
    this.isTTY = input.isTTY === true;
    this.#input = input;
    this.#stalled = stalled;
  }

  setRawMode(raw: boolean): void {
    this.#input.setRawMode?.(raw);
  }

  ref(): void {
    if (this.#reading) return;
    this.#reading = true;
    this.#input.setEncoding("utf8");
    this.#input.on("data", this.#take);
    this.#input.ref?.();
    this.#input.resume();
  }

  unref(): void {
    if (!this.#reading) return;
    this.#reading = false;
    clearTimeout(this.#timer);
    this.#input.off("data", this.#take);
    this.#input.pause();
    this.#input.unref?.();
  }

  override _read(): void {}

  readonly #take = (chunk: string | Buffer): void => {
    const text = String(chunk);
    clearTimeout(this.#timer);
    if (this.#paste === undefined) this.#takeKeys(text);
    else if (isCtrlC(text)) this.#endPaste();
    else this.#takePaste(this.#paste + text);
    if (this.#paste !== undefined) this.#timer = setTimeout(this.#stalled, patience);
  };

  #takeKeys(text: string): void {
    const at = text.indexOf(begin);
    const keys = at === -1 ? text : text.slice(0, at);
    if (keys !== "") this.push(withLatinLetters(keys));
    if (at !== -1) this.#takePaste(text.slice(at + begin.length));
  }

  #takePaste(text: string): void {
    const at = text.indexOf(end, Math.max(0, (this.#paste?.length ?? 0) - end.length));
    if (at === -1) {
      this.#paste = text.length > most ? text.slice(0, most) + text.slice(-end.length) : text;
      return;
    }
    this.#paste = text.slice(0, at);
    this.#endPaste();
    this.#takeKeys(text.slice(at + end.length));
  }

  #endPaste(): void {
    const pasted = this.#paste ?? "";
    this.#paste = undefined;
    this.push(begin + pasted + end);
  }
}
