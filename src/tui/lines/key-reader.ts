import { emitKeypressEvents } from "node:readline";
import { PassThrough } from "node:stream";
import type { Key } from "ink";

/** A key as Ink would tell it. */
export type KeyFacts = Pick<Key, "ctrl" | "meta" | "shift"> & Partial<Key>;

interface Keypress {
  readonly sequence?: string;
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly shift?: boolean;
}

const none: KeyFacts = { ctrl: false, meta: false, shift: false };

/** After so long without a sequel an escape character is the key Esc, milliseconds. */
const escapeTimeout = 50;

const flags: Readonly<Record<string, keyof Key>> = {
  up: "upArrow",
  down: "downArrow",
  left: "leftArrow",
  right: "rightArrow",
  pageup: "pageUp",
  pagedown: "pageDown",
  home: "home",
  end: "end",
  return: "return",
  escape: "escape",
  tab: "tab",
  backspace: "backspace",
  delete: "delete",
};

/**
 * Reads keys where Ink does not. What holds an escape character is Node's to take apart; anything else is text as it
 * came, so that line feeds of a paste stay in it.
 */
export class KeyReader {
  readonly #input: NodeJS.ReadableStream;
  readonly #onKey: (input: string, key: KeyFacts) => void;
  readonly #sequences = new PassThrough({ encoding: "utf8" });
  #escaped: NodeJS.Timeout | undefined;

  constructor(input: NodeJS.ReadableStream, onKey: (input: string, key: KeyFacts) => void) {
    this.#input = input;
    this.#onKey = onKey;
    // Node reads the time from the object that a readline interface would be.
    const timing = Object.assign(Object.create(null), { escapeCodeTimeout: escapeTimeout });
    emitKeypressEvents(this.#sequences, timing);
    this.#sequences.on("keypress", (_: unknown, pressed: Keypress) => this.#pressed(pressed));
  }

  /** Takes keys from now on. */
  open(): void {
    this.#input.setEncoding("utf8").off("data", this.#read).on("data", this.#read);
    this.#input.resume();
  }

  /** Takes none: they are another program's. */
  close(): void {
    clearTimeout(this.#escaped);
    this.#input.off("data", this.#read);
  }

  readonly #read = (chunk: string): void => {
    if (chunk.includes("\u001B") || this.#escaped !== undefined) {
      clearTimeout(this.#escaped);
      this.#escaped = setTimeout(() => (this.#escaped = undefined), escapeTimeout);
      this.#sequences.write(chunk);
      return;
    }
    const enter = chunk.endsWith("\r");
    const text = enter ? chunk.slice(0, -1) : chunk;
    for (const part of text.split(/([\u007F\b])/)) {
      if (part === "\u007F" || part === "\b") this.#onKey("", { ...none, backspace: true });
      else if (part !== "") this.#onKey(part, none);
    }
    if (enter) this.#onKey("", { ...none, return: true });
  };

  #pressed({ sequence = "", name = "", ctrl = false, meta = false, shift = false }: Keypress): void {
    // Node says meta of one Esc too.
    const isAlt = meta && (name !== "escape" || sequence === "\u001B\u001B");
    const modifiers = { ctrl, meta: isAlt, shift };
    const flag = flags[name];
    if (flag !== undefined) this.#onKey("", { ...modifiers, [flag]: true });
    else if (ctrl || meta) this.#onKey(name, modifiers);
    else if (!sequence.startsWith("\u001B")) this.#onKey(sequence, none);
  }
}
