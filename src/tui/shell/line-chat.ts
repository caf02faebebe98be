import { sizeOf } from "../../terminal-size.ts";
import type { ChatOptions, ChatRun } from "../options.ts";
import { isCommand } from "../commands/run.ts";
import { KeyReader, type KeyFacts } from "../lines/key-reader.ts";
import { LinePage, plainVoice, spokenVoice, type Voice } from "../lines/line-page.ts";
import { News } from "../lines/news.ts";
import { echo, wholePrompt, type Typed } from "../lines/typing.ts";
import type { Frame } from "../paint/frame.ts";
import { paintRow, paletteFor } from "../paint/palette.ts";
import { replayLines } from "../replay/in-words.ts";
import { isAnswering, type ChatState } from "../store/state.ts";
import { piece } from "../text/row.ts";
import { sanitize, sanitizeRow } from "../text/sanitize.ts";
import { copyText } from "./clipboard.ts";
import { ChatShell } from "./chat-shell.ts";
import { appendHistory } from "./history-file.ts";
import { labelled } from "../editor/chips.ts";
import { editOutside } from "./outside-editor.ts";
import { clock, startState } from "./start-state.ts";
import { suspendJob } from "./suspend.ts";

const welcome = "Screen reader mode: answers come paragraph by paragraph. /help lists the commands.";

/**
 * The chat without a page: a line in, lines out as they are complete, nothing ever rewritten but, by backspaces, what
 * is being typed. For terminals that cannot move their cursor, and for screen readers.
 */
export class LineChat implements ChatRun {
  readonly exitCode: Promise<number>;
  readonly #shell: ChatShell;
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WriteStream;
  readonly #keyboard: KeyReader;
  readonly #voice: Voice;
  readonly #page: LinePage;
  readonly #news: News;
  readonly #end = Promise.withResolvers<number>();
  #open = true;
  /** the shell has the terminal */
  #away = false;
  /** what stands in the prompt on the terminal; absent: there is no prompt */
  #shown: Typed | undefined;

  constructor(options: ChatOptions) {
    this.exitCode = this.#end.promise;
    this.#output = options.output ?? process.stdout;
    this.#input = options.input ?? process.stdin;
    this.#voice = options.display.manner === "spoken" ? spokenVoice : plainVoice;
    this.#page = new LinePage(this.#voice);
    const state = startState(options);
    this.#news = new News(state);
    this.#shell = new ChatShell(
      state,
      {
        frame: (now) => this.#frame(now),
        show: (frame) => this.#print(frame),
        promptWidth: () => Math.max(1, sizeOf(this.#output).columns - this.#voice.prompt.length),
        canDraw: () => this.#open && !this.#away,
        remember: (text) => void appendHistory(options.historyFile, text),
        ...(options.transcripts !== undefined && { transcripts: options.transcripts }),
        ...(options.models !== undefined && { models: options.models }),
        copy: (text) => copyText(text, undefined),
        suspend: () => this.#suspend(),
        compose: (text) => this.#lend(() => editOutside(options.editor, text)),
        replay: (replay) => this.#say(replayLines(replay)),
        repaint: () => {},
        quit: () => void this.#shell.leave().then(() => this.#finish(0), this.#fail),
        fail: (error) => this.#fail(error),
      },
      clock,
    );
    const head = [sanitizeRow(options.banner), ...(this.#voice === spokenVoice ? [welcome] : [])];
    this.#output.write(`${head.join("\n")}\n`);
    this.#input.setRawMode(true);
    this.#keyboard = new KeyReader(this.#input, this.#press);
    this.#keyboard.open();
    this.#input.once("end", this.#leave).on("error", this.#leave);
    this.#output.on("error", this.#fail);
    process.on("SIGCONT", this.#takeTerminal);
    Promise.resolve(options.conversation).then(
      (loaded) => this.#open && this.#shell.attach(loaded),
      this.#fail,
    );
    if (options.command !== undefined) this.#shell.run(options.command);
    this.#shell.draw();
  }

  restore(): void {
    if (!this.#open) return;
    try {
      this.#shell.leaveNow();
    } finally {
      this.#open = false;
      this.#endLine();
      process.off("SIGCONT", this.#takeTerminal);
      this.#keyboard.close();
      this.#input.setRawMode(false);
      this.#input.pause();
    }
  }

  notify(sentence: string): void {
    this.#shell.tell({ type: "warned", text: sentence });
  }

  /** A line is sent as it stands on the terminal: so its end is written before anything comes of it. */
  readonly #press = (input: string, key: KeyFacts): void => {
    const isEnter = key.return === true && !key.meta && !key.ctrl && !key.shift;
    const { text } = this.#shell.state.editor;
    if (isEnter) this.#sent(this.#shell.state);
    this.#shell.input(input, key);
    // A command that was refused is in the history; in the next line it would stand before what is typed there.
    const isRefused = isEnter && isCommand(text.trim()) && this.#shell.state.editor.text === text;
    if (isRefused) this.#shell.clearPrompt();
  };

  #sent({ editor }: ChatState): void {
    const message = editor.text.trim();
    const goesOn = editor.text.endsWith("\\");
    if (goesOn || message === "") return;
    this.#type(labelled(editor));
    this.#endLine();
    if (!isCommand(message)) this.#page.typed(message);
  }

  /** What the engine does is said before the answer that comes of it, that it was stopped behind it. */
  #frame(before: ChatState): Frame {
    const { lines, begins, state } = this.#page.take(before, sizeOf(this.#output).columns);
    const { doing, remarks } = this.#news.of(before);
    const said = (sentences: readonly string[]) =>
      sentences.map((each) => [piece(this.#voice.remark(sanitize(each)))]);
    const at = isAnswering(before) ? (begins ?? lines.length) : lines.length;
    const all = [...lines.slice(0, at), ...said(doing), ...lines.slice(at), ...said(remarks)];
    return { lines: all, picture: { rows: [] }, state };
  }

  #print({ lines, state }: Frame): void {
    const colors = paletteFor("none", "unknown");
    this.#say(lines.map((line) => paintRow(line, colors)));
    const waits = isAnswering(state) || state.queue.length > 0;
    if (state.leaving || (this.#shown === undefined && waits && state.editor.text === "")) return;
    this.#type(labelled(state.editor));
  }

  /** Lines of their own: what is being typed comes again below them. */
  #say(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#endLine();
    this.#output.write(lines.map((line) => `${line.trimEnd()}\n`).join(""));
  }

  /** Shows the prompt as it is. */
  #type({ text, cursor }: Typed): void {
    const wanted = { text, cursor };
    const place = { mark: this.#voice.prompt.length, columns: sizeOf(this.#output).columns };
    const changed = this.#shown && echo(this.#shown, wanted, place);
    if (changed === undefined) {
      this.#endLine();
      this.#output.write(this.#voice.prompt);
    }
    const { output, typed } = changed ?? wholePrompt(wanted, place);
    if (output !== "") this.#output.write(output);
    this.#shown = typed;
  }

  #endLine(): void {
    if (this.#shown !== undefined) this.#output.write("\n");
    this.#shown = undefined;
  }

  #suspend(): void {
    this.#lend(suspendJob).catch(this.#fail);
  }

  /** Lets another program have the terminal. */
  async #lend<Result>(during: () => Promise<Result>): Promise<Result> {
    this.#endLine();
    this.#away = true;
    this.#keyboard.close();
    this.#input.setRawMode(false);
    this.#input.pause();
    try {
      return await during();
    } finally {
      this.#away = false;
      this.#takeTerminal();
    }
  }

  /** After a stop the terminal's modes may be anyone's. */
  readonly #takeTerminal = (): void => {
    if (!this.#open || this.#away) return;
    this.#endLine();
    this.#input.setRawMode(true);
    this.#keyboard.open();
    this.#shell.draw();
  };

  readonly #leave = (): void => this.#finish(0);

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
