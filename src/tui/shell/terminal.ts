import { render, type Instance } from "ink";
import { createElement, type ReactElement } from "react";
import { sanitizeRow } from "../text/sanitize.ts";
import type { Frames } from "./frames.ts";
import { Keyboard, type TerminalInput } from "./keyboard.ts";
import { Lending } from "./lending.ts";
import { Page, type PageProps } from "./page.tsx";
import { keepRaw } from "./raw-mode.ts";
import { Screen, type Output } from "./screen.ts";
import { holdWarnings } from "./warnings.ts";

export interface TerminalOptions extends Pick<PageProps, "onInput" | "onPaste"> {
  readonly input: TerminalInput;
  readonly output: Output;
  readonly frames: Frames;
  /** the terminal breaks rows anew that a narrower window has no room for */
  readonly breaksRows: boolean;
  /** frames can be drawn (again): the size has rested, or the program is back in the foreground */
  readonly onReady: () => void;
  /** the end of a paste is long in coming */
  readonly onStalledPaste: () => void;
  /** the terminal or the drawing failed, or the keyboard is gone */
  readonly onEnd: (error?: Error) => void;
}

/** A screen of its own that takes the terminal for a while. */
export interface Guest {
  /** resolves when the terminal is free again */
  readonly left: Promise<void>;
  /** Gives it back at once; safe to call twice. */
  close(): void;
}

/** Owns Ink and the terminal's modes from the first frame to the last. */
export class Terminal {
  readonly #options: TerminalOptions;
  readonly #screen: Screen;
  readonly #keyboard: Keyboard;
  #instance: Instance | undefined;
  #page: ReactElement | undefined;
  readonly #lending: Lending;
  #guest: Guest | undefined;
  #letWarn: () => void = () => {};
  #letRaw: () => void = () => {};

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#screen = new Screen(options.output, { breaksRows: options.breaksRows });
    this.#keyboard = new Keyboard(options.input, options.onStalledPaste);
    this.#lending = new Lending(this.#back, options.onEnd, () => this.#screen.handOver());
  }

  get size(): { readonly columns: number; readonly rows: number } {
    return this.#screen;
  }

  /** false: what is drawn now would be lost */
  get canDraw(): boolean {
    return !this.#screen.held && !this.#lending.away;
  }

  /** Prints a line, for tmux archives a screen that is erased from its first row, and mounts Ink below it. */
  open(line: string): void {
    const { input, output, frames, onInput, onPaste, onReady, onEnd } = this.#options;
    // At once, for a key that comes before Ink asks for it would be echoed into the first frame.
    if (input.isTTY) input.setRawMode(true);
    this.#letWarn = holdWarnings();
    output.write(`${sanitizeRow(line)}\n`);
    output.on("error", onEnd);
    input.once("end", () => onEnd());
    this.#page = createElement(Page, { frames, onInput, onPaste, onSuspend: this.#lending.learn });
    this.#instance = render(this.#page, {
      stdout: this.#screen,
      stdin: this.#keyboard,
      exitOnCtrlC: false,
      patchConsole: false,
      incrementalRendering: true,
      interactive: true,
      isScreenReaderEnabled: false,
      maxFps: 60,
      // Alternates name the Latin letter of a key in any layout: see kitty-keys.ts.
      kittyKeyboard: { mode: "auto", flags: ["disambiguateEscapeCodes", "reportAlternateKeys"] },
    });
    this.#instance.waitUntilExit().catch(onEnd);
    // What another program has on the screen is not Ink's to erase.
    this.#screen.forget = () => this.#lending.away || this.#instance?.clear();
    this.#screen.picture = frames.picture;
    this.#screen.on("ready", onReady);
    this.#lending.listen();
  }

  /** Erases the live region, so that the next frame is drawn from nothing. */
  forget(): void {
    this.#screen.clear();
  }

  /** Frames are drawn from now on, also where the window has just been resized. */
  settle(): void {
    this.#screen.settle();
  }

  /** Gives the terminal to the shell until the job is continued. */
  suspend(): void {
    this.#lending.toShell();
  }

  /**
   * Lets another screen of the program have the terminal until it is left. It is to call `leaving` just before it
   * gives the terminal back.
   */
  visit(open: (leaving: () => void) => Guest): void {
    if (this.#lending.away) return;
    this.#keepRaw();
    this.#lending.lend(async () => {
      this.#guest = open(this.#keepRaw);
      this.#letRaw();
      await this.#guest.left;
      this.#guest = undefined;
    });
  }

  /** Lets another program have the terminal; its modes are as they were before this one. @throws what `use` throws */
  lend(use: () => Promise<string>): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#lending.lend(() => use().then(resolve, reject));
    return promise;
  }

  readonly #keepRaw = (): void => {
    this.#letRaw();
    this.#letRaw = keepRaw(this.#options.input);
  };

  readonly #back = (): void => {
    this.#letRaw();
    this.#options.onReady();
  };

  /** Leaves the terminal as it was found; the last frame must have been drawn. Synchronous. */
  close(): void {
    try {
      this.#guest?.close();
      this.#lending.unlisten();
      this.#screen.release();
      // React draws a change a moment later; a signal's handler has no later.
      this.#instance?.rerender(this.#page);
      this.#instance?.unmount();
    } finally {
      this.#instance = undefined;
      this.#giveBack();
    }
  }

  #giveBack(): void {
    this.#letRaw();
    const { input, output } = this.#options;
    if (input.isTTY) input.setRawMode(false);
    this.#keyboard.unref();
    output.write("\u001B[?2004l\u001B[?25h");
    output.off("error", this.#options.onEnd);
    this.#letWarn();
  }
}
