import type { ChatOptions, ChatRun } from "../options.ts";
import { wantsColors } from "../markdown/wanted.ts";
import { nextFrame } from "../paint/frame.ts";
import { asciiGlyphs, unicodeGlyphs } from "../paint/glyphs.ts";
import { promptWidth } from "../paint/paint.ts";
import { paletteFor } from "../paint/palette.ts";
import { ReplayScreen } from "../replay/replay-screen.ts";
import type { ChatState } from "../store/state.ts";
import { copyText } from "./clipboard.ts";
import { ChatShell } from "./chat-shell.ts";
import { Frames } from "./frames.ts";
import { appendHistory } from "./history-file.ts";
import { editOutside } from "./outside-editor.ts";
import { clock, startState } from "./start-state.ts";
import { Terminal } from "./terminal.ts";

const endlessPaste = "The end of what is pasted has not come yet. Ctrl-C takes what there is.";

/** The chat on a terminal that can move its cursor: the answer resolves in place above a prompt that stays. */
export class TerminalChat implements ChatRun {
  readonly exitCode: Promise<number>;
  readonly #shell: ChatShell;
  readonly #terminal: Terminal;
  readonly #end = Promise.withResolvers<number>();
  #open = true;
  #coloring = false;

  constructor(options: ChatOptions) {
    const { display, historyFile, conversation } = options;
    const { input = process.stdin, output = process.stdout } = options;
    this.exitCode = this.#end.promise;
    const frames = new Frames(paletteFor(display.depth, display.theme));
    const glyphs = display.ascii ? asciiGlyphs : unicodeGlyphs;
    this.#shell = new ChatShell(
      startState(options),
      {
        frame: (state) => nextFrame(state, this.#terminal.size, glyphs),
        show: (frame) => {
          frames.show(frame);
          this.#colorCode(frame.state);
        },
        promptWidth: () => promptWidth(this.#terminal.size),
        canDraw: () => this.#open && this.#terminal.canDraw,
        remember: (text) => void appendHistory(historyFile, text),
        ...(options.transcripts !== undefined && { transcripts: options.transcripts }),
        ...(options.models !== undefined && { models: options.models }),
        copy: (text) => copyText(text, (sequence) => void output.write(sequence)),
        suspend: () => this.#terminal.suspend(),
        compose: (text) => this.#terminal.lend(() => editOutside(options.editor, text)),
        replay: (replay) => {
          const { reading } = this.#shell.state;
          this.#terminal.visit(
            (leaving) => new ReplayScreen({ replay, display, reading, input, output, leaving }),
          );
        },
        repaint: () => this.#terminal.forget(),
        quit: () => void this.#shell.leave().then(() => this.#finish(0), this.#fail),
        fail: (error) => this.#fail(error),
      },
      clock,
    );
    this.#terminal = new Terminal({
      input,
      output,
      frames,
      breaksRows: display.breaksRows,
      onInput: this.#shell.input,
      onPaste: this.#shell.paste,
      onReady: this.#shell.draw,
      onStalledPaste: () => this.#shell.tell({ type: "said", text: endlessPaste, good: true }),
      onEnd: (error) => (error === undefined ? this.#finish(0) : this.#fail(error)),
    });
    if (options.command !== undefined) this.#shell.run(options.command);
    this.#shell.draw();
    this.#terminal.open(options.banner);
    Promise.resolve(conversation).then((loaded) => this.#open && this.#shell.attach(loaded), this.#fail);
  }

  restore(): void {
    if (!this.#open) return;
    try {
      this.#terminal.settle();
      this.#shell.leaveNow();
    } finally {
      this.#open = false;
      this.#terminal.close();
    }
  }

  notify(sentence: string): void {
    this.#shell.tell({ type: "warned", text: sentence });
  }

  /** Colours for code are loaded at the first fence; what went out before is plain. */
  #colorCode(state: ChatState): void {
    if (this.#coloring || !wantsColors(state)) return;
    this.#coloring = true;
    import("../markdown/highlight.ts")
      .then(({ loadHighlight }) => loadHighlight())
      .then((highlight) => this.#shell.tell({ type: "colored", highlight }), this.#fail);
  }

  #finish(code: number): void {
    this.restore();
    this.#end.resolve(code);
  }

  readonly #fail = (error: unknown): void => {
    try {
      this.restore();
    } catch {
      // The first failure is the one to tell.
    }
    this.#end.reject(error);
  };
}
