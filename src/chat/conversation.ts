import { checkSettings, type DecodingSettings, type Engine, type EngineEvent } from "../engine/index.ts";
import { messageOf, UserError } from "../errors.ts";
import type { ChatMessage, ModelFolder, Tokenizer } from "../model/index.ts";
import { type History, messagesOf, promptFor, seenTurns } from "./history.ts";
import { toMarkdown, writeText } from "./markdown.ts";
import type { Prompt } from "./prompt.ts";
import { ReplyProgress } from "./reply-progress.ts";
import {
  checkSameModel,
  continuedTranscript,
  newTranscript,
  type OpenTranscript,
  type SaveOptions,
} from "./saving.ts";
import type { Transcript } from "./transcript.ts";
import type { Reply, Turn } from "./turns.ts";

export interface ConversationOptions {
  readonly engine: Engine;
  readonly tokenizer: Tokenizer;
  readonly folder: ModelFolder;
  /** of the first answer */
  readonly settings: DecodingSettings;
  readonly system?: string;
  /** absent: nothing is written */
  readonly save?: SaveOptions;
  /** an earlier conversation to go on with: its turns, its system prompt, its file */
  readonly resume?: Transcript;
}

export interface SendOptions {
  /** ends the answer within one pass; what is decided by then is kept */
  readonly signal?: AbortSignal;
}

/** An answer that is being decoded. */
interface Running {
  readonly user: string;
  readonly prompt: Prompt;
  readonly settings: DecodingSettings;
  readonly progress: ReplyProgress;
  readonly events: EngineEvent[];
}

/** A chat with one model. One answer at a time. */
export class Conversation {
  /** for reduceAnswer */
  readonly tokenizer: Tokenizer;
  readonly #options: ConversationOptions;
  readonly #exported = new Set<string>();
  #system: string | undefined;
  #settings: DecodingSettings;
  #turns: Turn[];
  #running: Running | undefined;
  #transcript: OpenTranscript | undefined;

  /** @throws UserError usage: `resume` was held with another model */
  constructor(options: ConversationOptions) {
    const { tokenizer, settings, folder, resume, save } = options;
    if (resume !== undefined) checkSameModel(resume, folder);
    this.tokenizer = tokenizer;
    this.#options = options;
    this.#settings = settings;
    this.#system = options.system ?? resume?.header?.system;
    this.#turns = resume?.turns.map((turn) => withContent(turn, tokenizer)) ?? [];
    if (resume !== undefined && save !== undefined) {
      this.#transcript = continuedTranscript(resume, this.#turns.at(-1), save);
    }
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

  /** What the model sees. */
  get messages(): readonly ChatMessage[] {
    return messagesOf(this.#history);
  }

  /** File of this conversation, once there is one. */
  get transcriptPath(): string | undefined {
    return this.#transcript?.path;
  }

  /**
   * Asks, and gives the engine's events as they come. The turn is kept however it ends: finished, stopped by the
   * signal, the loop left early, or the engine failed (then this throws when the partial answer is kept).
   * @throws UserError usage: the text is empty, or an answer is being decoded
   * @throws UserError context-full: nothing was asked and nothing has changed
   * @throws UserError engine
   */
  async *send(text: string, { signal }: SendOptions = {}): AsyncGenerator<EngineEvent, void, undefined> {
    const running = this.#ask(text);
    const recorder = this.#recorder();
    recorder?.asked(text, running.prompt, running.settings);
    const { prompt, settings, progress, events } = running;
    let problem: string | undefined;
    try {
      const request = { promptIds: prompt.ids, borders: prompt.borders, settings };
      for await (const event of this.#options.engine.generate({ ...request, ...(signal && { signal }) })) {
        progress.follow(event);
        events.push(event);
        recorder?.event(event);
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
   * Changes settings of the running answer and of those after it; see DecodingSettings for when each counts.
   * @throws UserError usage: a value that no knob has; then nothing has changed
   */
  adjust(change: Partial<DecodingSettings>): void {
    checkSettings(change);
    this.#settings = { ...this.#settings, ...change };
    if (this.#running !== undefined) this.#options.engine.adjust(change);
  }

  /**
   * Starts over with an empty page. The transcript so far stays; a new one begins with the next message.
   * @param system default: as before
   * @throws UserError usage: an answer is being decoded
   */
  newChat(system = this.#system): void {
    if (this.#running !== undefined) throw busy();
    this.#system = system;
    this.#turns = [];
    this.close();
  }

  /** Tokens of the context that the conversation fills, the answer so far included. */
  contextUsed(): { readonly tokens: number; readonly limit: number; readonly share: number } {
    const limit = this.#options.folder.config.contextLength;
    const last = seenTurns(this.#turns).at(-1);
    const tokens =
      this.#running === undefined
        ? (last?.promptIds.length ?? 0) + (last?.reply.ids.length ?? 0)
        : this.#running.prompt.ids.length + this.#running.progress.ids.length;
    return { tokens, limit, share: tokens / limit };
  }

  /**
   * Writes the conversation as Markdown. A file that this chat did not write itself is never replaced.
   * @param name relative to the working directory; `~/` is the home folder
   * @returns the absolute path
   * @throws UserError usage: nothing was said yet; file
   */
  async saveMarkdown(name: string): Promise<string> {
    if (this.#turns.length === 0) throw new UserError("usage", "There is nothing to save yet.");
    const system = this.#system;
    const facts = { model: this.#options.folder.config.name, ...(system !== undefined && { system }) };
    const file = await writeText(name, toMarkdown(this.#turns, facts), this.#exported);
    this.#exported.add(file);
    return file;
  }

  /** Writes at once what is known of a running answer: for a signal handler, just before the program ends. */
  saveNow(): void {
    this.#transcript?.recorder.saveNow();
  }

  /** Closes the transcript; the engine is the caller's. */
  close(): void {
    this.#transcript?.recorder.close();
    this.#transcript = undefined;
  }

  get #history(): History {
    return { system: this.#system, turns: this.#turns };
  }

  #ask(user: string): Running {
    if (this.#running !== undefined) throw busy();
    if (user.trim() === "") throw new UserError("usage", "The message is empty: type a question.");
    const { contextLength, stopTokenIds } = this.#options.folder.config;
    const prompt = promptFor(this.#history, user, this.tokenizer, contextLength);
    const progress = new ReplyProgress(prompt.ids.length, stopTokenIds);
    this.#running = { user, prompt, settings: this.#settings, progress, events: [] };
    return this.#running;
  }

  #recorder() {
    const { save, folder, engine } = this.#options;
    if (save === undefined) return undefined;
    this.#transcript ??= newTranscript(save, { folder, info: engine.info, system: this.#system });
    return this.#transcript.recorder;
  }

  #keep({ user, prompt, settings, progress, events }: Running, problem: string | undefined): void {
    const { finished, ids } = progress;
    const reply: Reply = {
      content: this.tokenizer.decode(ids),
      ids,
      // Without the engine's word on it, the partition of the reply is not known: it is cut anew.
      borders: finished?.borders ?? prompt.borders,
      end: finished?.reason ?? (problem === undefined ? "aborted" : "failed"),
      ...(problem !== undefined && finished === undefined && { problem }),
      settings,
    };
    const turn = { user, promptIds: prompt.ids, reply, events };
    this.#turns.push(turn);
    this.#running = undefined;
    this.#transcript?.recorder.ended(turn, finished);
  }
}

const withContent = (turn: Transcript["turns"][number], tokenizer: Tokenizer): Turn => ({
  ...turn,
  reply: { ...turn.reply, content: tokenizer.decode(turn.reply.ids) },
});

const busy = () =>
  new UserError("usage", "An answer is being decoded: stop it first, or wait until it is done.");
