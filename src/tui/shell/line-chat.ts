import { createInterface, type Interface } from "node:readline";
import type { ChatOptions, ChatRun } from "../options.ts";
import { layoutFor } from "../markdown/reading.ts";
import type { Frame } from "../paint/frame.ts";
import { asciiGlyphs } from "../paint/glyphs.ts";
import { takeLines } from "../paint/page-lines.ts";
import { paintRow, paletteFor } from "../paint/palette.ts";
import { textWidth } from "../paint/paint.ts";
import { isAnswering, type ChatState } from "../store/state.ts";
import { copyText } from "./clipboard.ts";
import { ChatShell } from "./chat-shell.ts";
import { appendHistory } from "./history-file.ts";
import { clock, startState } from "./start-state.ts";

const noReplay = "A replay needs a terminal that can move its cursor.";

/**
 * The chat on a terminal that cannot move its cursor (TERM=dumb): a line in, rows out as they are complete, nothing
 * ever rewritten.
 */
export class LineChat implements ChatRun {
  readonly exitCode: Promise<number>;
  readonly #shell: ChatShell;
  readonly #lines: Interface;
  readonly #output: NodeJS.WriteStream;
  readonly #end = Promise.withResolvers<number>();
  #open = true;
  #prompted = false;
  #said: string | undefined;

  constructor(options: ChatOptions) {
    this.exitCode = this.#end.promise;
    this.#output = options.output ?? process.stdout;
    const input = options.input ?? process.stdin;
    this.#lines = createInterface({ input, output: this.#output, prompt: "> ", terminal: true });
    this.#shell = new ChatShell(
      startState(options),
      {
        frame: (state) => this.#frame(state),
        show: (frame) => this.#print(frame),
        promptWidth: () => textWidth({ columns: this.#output.columns, rows: 24 }),
        canDraw: () => this.#open,
        remember: (text) => void appendHistory(options.historyFile, text),
        ...(options.transcripts !== undefined && { transcripts: options.transcripts }),
        ...(options.models !== undefined && { models: options.models }),
        copy: (text) => copyText(text, undefined),
        suspend: () => {},
        replay: () => this.#shell.tell({ type: "said", text: noReplay, good: false }),
        repaint: () => {},
        quit: () => void this.#shell.leave().then(() => this.#finish(0), this.#fail),
        fail: (error) => this.#fail(error),
      },
      clock,
    );
    this.#output.write(`${options.banner}\n`);
    this.#lines.on("line", (text) => {
      this.#prompted = false;
      this.#shell.submit(text);
    });
    this.#lines.on("SIGINT", () => this.#shell.input("c", { ctrl: true, meta: false, shift: false }));
    this.#lines.on("close", () => this.#open && this.#finish(0));
    Promise.resolve(options.conversation).then(
      (loaded) => this.#open && this.#shell.attach(loaded),
      this.#fail,
    );
    if (options.command !== undefined) this.#shell.run(options.command);
    this.#shell.draw();
  }

  restore(): void {
    if (!this.#open) return;
    this.#shell.leaveNow();
    this.#open = false;
    if (this.#prompted) this.#output.write("\n");
    this.#lines.close();
  }

  notify(sentence: string): void {
    this.#shell.tell({ type: "warned", text: sentence });
  }

  /** What the person typed is on the screen already: the terminal's line editing put it there. */
  #frame(state: ChatState): Frame {
    const size = { columns: this.#output.columns, rows: this.#output.rows };
    const unseen = state.page.filter((entry) => entry.kind !== "message");
    const { lines, page } = takeLines(unseen, textWidth(size), layoutFor(state.reading, asciiGlyphs), "off");
    return { lines, picture: { rows: [] }, state: { ...state, page } };
  }

  #print({ lines, state }: Frame): void {
    const colors = paletteFor("none", "unknown");
    const notice = state.notice?.text;
    const news = notice === undefined || notice === this.#said ? [] : [`[${notice}]`];
    this.#said = notice;
    const text = [...lines.map((line) => paintRow(line, colors)), ...news]
      .map((line) => `${line}\n`)
      .join("");
    if (text !== "") this.#output.write(this.#prompted ? `\n${text}` : text);
    if (text !== "") this.#prompted = false;
    if (this.#prompted || isAnswering(state) || state.queue.length > 0 || state.leaving) return;
    this.#prompted = true;
    this.#lines.prompt();
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
