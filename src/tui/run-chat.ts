import { performance } from "node:perf_hooks";
import type { ChatOptions, ChatRun } from "./options.ts";
import { immediatePace, visiblePace } from "./pacing.ts";
import { asciiGlyphs, unicodeGlyphs } from "./paint/glyphs.ts";
import { paletteFor } from "./paint/palette.ts";
import { ChatShell } from "./shell/chat-shell.ts";
import { Frames } from "./shell/frames.ts";
import { appendHistory, readHistory } from "./shell/history-file.ts";
import { Terminal } from "./shell/terminal.ts";
import { initialState, type ChatState } from "./store/state.ts";

/** Opens the chat on the terminal. The prompt is there when this returns; the model may still be loading. */
export function runChat(options: ChatOptions): ChatRun {
  return new TerminalChat(options);
}

const clock = () => performance.now();

class TerminalChat implements ChatRun {
  readonly exitCode: Promise<number>;
  readonly #shell: ChatShell;
  readonly #terminal: Terminal;
  readonly #end = Promise.withResolvers<number>();
  #open = true;

  constructor(options: ChatOptions) {
    const { display, historyFile, conversation } = options;
    this.exitCode = this.#end.promise;
    const frames = new Frames(paletteFor(display.depth, display.theme));
    this.#shell = new ChatShell(
      startState(options, clock()),
      {
        frames,
        glyphs: display.ascii ? asciiGlyphs : unicodeGlyphs,
        size: () => this.#terminal.size,
        canDraw: () => this.#open && this.#terminal.canDraw,
        remember: (text) => void appendHistory(historyFile, text),
        suspend: () => this.#terminal.suspend(),
        repaint: () => this.#terminal.forget(),
        quit: () => void this.#shell.leave().then(() => this.#finish(0), this.#fail),
        fail: (error) => this.#fail(error),
      },
      clock,
    );
    this.#terminal = new Terminal({
      input: options.input ?? process.stdin,
      output: options.output ?? process.stdout,
      frames,
      onInput: this.#shell.input,
      onPaste: this.#shell.paste,
      onReady: this.#shell.draw,
      onEnd: (error) => (error === undefined ? this.#finish(0) : this.#fail(error)),
    });
    this.#shell.draw();
    this.#terminal.open(`${options.banner}  ? help`);
    Promise.resolve(conversation).then((loaded) => this.#open && this.#shell.attach(loaded), this.#fail);
  }

  restore(): void {
    if (!this.#open) return;
    this.#shell.leaveNow();
    this.#open = false;
    this.#terminal.close();
  }

  notify(sentence: string): void {
    this.#shell.tell({ type: "warned", text: sentence });
  }

  #finish(code: number): void {
    this.restore();
    this.#end.resolve(code);
  }

  readonly #fail = (error: unknown): void => {
    this.restore();
    this.#end.reject(error);
  };
}

function startState(
  { settings, historyFile, display, contextLimit, system }: ChatOptions,
  now: number,
): ChatState {
  return initialState(
    {
      settings,
      history: readHistory(historyFile),
      view: { pace: display.paced ? visiblePace : immediatePace, motion: display.motion },
      contextLimit,
      ...(system === undefined ? {} : { system }),
    },
    now,
  );
}
