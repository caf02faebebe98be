import type { DecodingSettings, Engine, EngineEvent } from "../engine/index.ts";
import type { ModelFolder, Tokenizer } from "../model/index.ts";
import type { Turn } from "./transcript-format.ts";

export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** Where conversations are saved as they happen. */
export interface SaveOptions {
  /** created (mode 0700) when the first message is sent; one file (0600) a conversation */
  readonly directory: string;
  readonly program: { readonly version: string; readonly build?: string };
  /** told once when the file cannot be written: a sentence; the conversation goes on unsaved */
  readonly onTrouble: (message: string) => void;
}

export interface ConversationOptions {
  readonly engine: Engine;
  readonly tokenizer: Tokenizer;
  readonly folder: ModelFolder;
  /** of the first answer */
  readonly settings: DecodingSettings;
  readonly system?: string;
  /** absent: nothing is written */
  readonly save?: SaveOptions;
  /** turns of an earlier conversation to go on from */
  readonly turns?: readonly Turn[];
}

/** A chat with one model. One answer at a time. */
export declare class Conversation {
  constructor(options: ConversationOptions);
  /** for reduceAnswer */
  readonly tokenizer: Tokenizer;
  /** what the next step, block or answer will use: AnswerState.settings are those in force */
  readonly settings: DecodingSettings;
  readonly turns: readonly Turn[];
  /** what the model sees */
  readonly messages: readonly Message[];
  /** file of this conversation, once there is one */
  readonly transcriptPath: string | undefined;
  /**
   * Asks, and gives the engine's events as they come. The turn is kept however it ends: finished, stopped by
   * `signal`, the loop left early, or the engine failed (then this throws after keeping the partial answer).
   * @throws UserError usage: the text is empty, or an answer is being decoded
   * @throws UserError context-full: nothing was asked and nothing changed
   * @throws UserError engine
   */
  send(text: string, options?: { readonly signal?: AbortSignal }): AsyncIterable<EngineEvent>;
  /** Changes settings of the running answer and of those after it. */
  adjust(change: Partial<DecodingSettings>): void;
  /** Starts over with an empty page; the transcript so far stays, a new one begins with the next message. */
  newChat(system?: string): void;
  /** Tokens of the context that the conversation fills, the answer so far included. */
  contextUsed(): { readonly tokens: number; readonly limit: number; readonly share: number };
  /** Writes the conversation as Markdown. @throws UserError file */
  saveMarkdown(path: string): Promise<string>;
  /** Writes at once what is known of a running answer: for a signal handler, just before the program ends. */
  saveNow(): void;
}
