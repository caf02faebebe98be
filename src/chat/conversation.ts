import { checkSettings, takeOver, type DecodingSettings, type EngineEvent } from "../engine/index.ts";
import { messageOf } from "../errors.ts";
import type { ChatMessage, Tokenizer } from "../model/index.ts";
import type { ConversationOptions, LoadedModel, SendOptions } from "./conversation-options.ts";
import { messagesOf, seenTurns } from "./history.ts";
import { KeptTranscript } from "./kept-transcript.ts";
import { MarkdownExport } from "./markdown-export.ts";
import { busy, nothingAsked } from "./refusals.ts";
import { reencode } from "./reencode.ts";
import {
  askedAgain,
  lastSettings,
  requestOf,
  type Running,
  runningOf,
  tokensOf,
  turnOf,
  withContent,
} from "./replying.ts";
import { checkSameModel } from "./saving.ts";
import type { Transcript } from "./transcript.ts";
import type { Turn } from "./turns.ts";
import { isAnsweredElsewhere } from "./unfinished.ts";

/** A chat with one model. One answer at a time. */
export class Conversation {
  readonly #kept: KeptTranscript;
  readonly #markdown = new MarkdownExport();
  #model: LoadedModel;
  #system: string | undefined;
  #settings: DecodingSettings;
  #turns: Turn[] = [];
  #running: Running | undefined;
  #isElsewhere = false;

  /** @throws UserError usage: `resume` was held with another model */
  constructor(options: ConversationOptions) {
    const { settings, resume } = options;
    this.#kept = new KeptTranscript(options);
    this.#model = options;
    this.#settings = settings;
    if (resume !== undefined) this.resume(resume);
    this.#system = options.system ?? this.#system;
  }

  /** for reduceAnswer */
  get tokenizer(): Tokenizer {
    return this.#model.tokenizer;
  }

  /** What runs now; its engine is the caller's to close. */
  get model(): LoadedModel {
    return this.#model;
  }

  /** What the next step, block or answer will use; AnswerState.settings are those in force. */
  get settings(): DecodingSettings {
    return this.#settings;
  }

  get system(): string | undefined {
    return this.#system;
  }

  get turns(): readonly Turn[] {
    return this.#turns;
  }

  /** When it was gone on with, another program was still decoding its last answer. */
  get wasAnsweredElsewhere(): boolean {
    return this.#isElsewhere;
  }

  /** What the model sees. */
  get messages(): readonly ChatMessage[] {
    return messagesOf({ system: this.#system, turns: this.#turns });
  }

  /** File of this conversation, once there is one. */
  get transcriptPath(): string | undefined {
    return this.#kept.path;
  }

  /**
   * Asks, and gives the engine's events as they come. The turn is kept however it ends: finished, stopped by the
   * signal, the loop left early, or the engine failed (then this throws when the partial answer is kept).
   * @throws UserError usage: the text is empty, or an answer is being decoded
   * @throws UserError context-full: nothing was asked and nothing has changed
   * @throws UserError engine
   */
  async *send(text: string, options: SendOptions = {}): AsyncGenerator<EngineEvent, void, undefined> {
    const running = this.#ask(text, options);
    const { folder, engine } = this.#model;
    this.#kept.asked(running, { folder, info: engine.info, system: this.#system }, this.#turns);
    const { progress, events } = running;
    let problem: string | undefined;
    try {
      for await (const event of engine.generate(requestOf(running, options))) {
        progress.follow(event);
        events.push(event);
        this.#kept.event(event);
        yield event;
      }
    } catch (error) {
      problem = messageOf(error);
      throw error;
    } finally {
      this.#keep(running, problem);
    }
  }

  /**
   * Takes back the last reply and decodes it again: with the settings that it had, but for the knobs that were turned
   * since and `change`. With the same settings the same text comes.
   * @throws UserError as `send`; usage: nothing was asked yet
   */
  again({ change, signal }: Omit<SendOptions, "after" | "reuse" | "steps"> = {}): AsyncGenerator<
    EngineEvent,
    void,
    undefined
  > {
    const { text, options } = askedAgain(this.#turns, this.#settings, change);
    return this.send(text, { ...options, ...(signal && { signal }) });
  }

  /**
   * Takes back the last turn. What the transcript holds of it stays there.
   * @returns its message
   * @throws UserError usage: nothing was asked yet, or an answer is being decoded
   */
  undo(): string {
    const last = this.#turns.at(-1);
    if (last === undefined) throw nothingAsked();
    this.rewind(this.#turns.length - 1);
    return last.user;
  }

  /**
   * Goes back to the first `kept` turns: the next message is asked behind those.
   * @throws UserError usage: an answer is being decoded
   */
  rewind(kept: number): void {
    if (this.#running !== undefined) throw busy();
    if (kept >= this.#turns.length) return;
    this.#turns = this.#turns.slice(0, Math.max(0, kept));
    this.#kept.recorder?.rewound(this.#turns);
  }

  /**
   * Changes settings of the running answer and of those after it; see DecodingSettings for when each counts. Who turns
   * what the dial sets takes over from it: see the engine's takeOver.
   * @throws UserError usage: a value that no knob has; then nothing has changed
   */
  adjust(wish: Partial<DecodingSettings>): void {
    checkSettings(wish);
    const last = this.#running ?? this.#turns.at(-1);
    const change = takeOver(wish, this.#settings, lastSettings(last) ?? this.#settings);
    this.#settings = { ...this.#settings, ...change };
    if (this.#running !== undefined) this.#model.engine.adjust(change);
  }

  /**
   * Starts over with an empty page. The transcript so far stays; a new one begins with the next message.
   * @param system default: as before; `{ system: undefined }` goes on without one
   * @throws UserError usage: an answer is being decoded
   */
  newChat({ system }: { readonly system: string | undefined } = { system: this.#system }): void {
    if (this.#running !== undefined) throw busy();
    this.#system = system;
    this.#turns = [];
    this.close();
  }

  /**
   * Goes on with an earlier conversation instead of this one: its turns, its system prompt, its file.
   * @throws UserError usage: it was held with another model, or an answer is being decoded
   */
  resume(transcript: Transcript): void {
    if (this.#running !== undefined) throw busy();
    checkSameModel(transcript, this.#model.folder);
    this.close();
    this.#system = transcript.header?.system;
    this.#isElsewhere = isAnsweredElsewhere(transcript);
    this.#turns = transcript.turns.map((turn) => withContent(turn, this.tokenizer));
    this.#kept.goOn(transcript, this.#turns.at(-1));
  }

  /**
   * Goes on with another model: what was said is kept as text, encoded anew, and saved in a file of its own.
   * @throws UserError usage: an answer is being decoded
   */
  useModel(model: LoadedModel): void {
    if (this.#running !== undefined) throw busy();
    this.#turns = reencode(this.#turns, this.#system, model.tokenizer);
    this.#model = model;
    this.close();
  }

  /** Tokens of the context that the conversation fills, the answer so far included. */
  contextUsed(): { readonly tokens: number; readonly limit: number; readonly share: number } {
    const limit = this.#model.folder.config.contextLength;
    const tokens = tokensOf(this.#running, seenTurns(this.#turns).at(-1));
    return { tokens, limit, share: tokens / limit };
  }

  /**
   * Writes the conversation as Markdown. A file that this chat did not write itself is never replaced.
   * @param name relative to the working directory; `~/` is the home folder
   * @returns the absolute path
   * @throws UserError usage: nothing was said yet; file
   */
  async saveMarkdown(name: string): Promise<string> {
    const system = this.#system;
    const facts = { model: this.#model.folder.config.name, ...(system !== undefined && { system }) };
    return await this.#markdown.save(name, this.#turns, facts);
  }

  /** Writes at once what is known of a running answer: for a signal handler, just before the program ends. */
  saveNow(): void {
    this.#kept.recorder?.saveNow();
  }

  /** Ends the engine's process, where it is one, whatever it is doing; the next message starts another. */
  endEngine(): void {
    this.#model.engine.kill?.();
  }

  /** Closes the transcript; the engine is the caller's. */
  close(): void {
    this.#kept.close();
  }

  #ask(user: string, { after, ...options }: SendOptions): Running {
    if (this.#running !== undefined) throw busy();
    const history = { system: this.#system, turns: this.#turns.slice(0, after) };
    const running = runningOf(user, history, this.#model, { ...options, knobs: this.#settings });
    this.rewind(history.turns.length);
    this.#running = running;
    return running;
  }

  #keep(running: Running, problem: string | undefined): void {
    const turn = turnOf(running, problem, this.tokenizer);
    this.#turns.push(turn);
    this.#running = undefined;
    this.#kept.recorder?.ended(turn, running.progress.finished);
  }
}
