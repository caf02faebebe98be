import type { DecodingSettings, Engine, EngineEvent, RecordedStep } from "../engine/index.ts";
import type { ModelFolder, Tokenizer } from "../model/index.ts";
import type { Insert } from "./message.ts";
import type { SaveOptions } from "./saving.ts";
import type { Transcript } from "./transcript.ts";

/** A model that is ready to chat. */
export interface LoadedModel {
  readonly engine: Engine;
  readonly tokenizer: Tokenizer;
  readonly folder: ModelFolder;
}

/** Follows a conversation from outside. */
export interface ConversationListener {
  /** @param settings of the answer as it begins */
  asked(text: string, settings: DecodingSettings): void;
  event(event: EngineEvent): void;
}

export interface ConversationOptions extends LoadedModel {
  /** of the first answer */
  readonly settings: DecodingSettings;
  readonly system?: string;
  /** absent: nothing is written */
  readonly save?: SaveOptions;
  /** is told what is asked and what the engine says, as it comes */
  readonly listener?: ConversationListener;
  /** an earlier conversation to go on with: its turns, its system prompt, its file */
  readonly resume?: Transcript;
}

export interface SendOptions {
  /** what of the message nobody typed */
  readonly inserts?: readonly Insert[];
  /** ends the answer within one pass; what is decided by then is kept */
  readonly signal?: AbortSignal;
  /** settings of this answer alone, on top of the conversation's */
  readonly change?: Partial<DecodingSettings>;
  /** goes back to so many first turns and asks there; default: behind all of them */
  readonly after?: number;
  /** cached tokens to use at most; see the engine's GenerateRequest */
  readonly reuse?: number;
  /** steps of an answer that is decoded again; see there too */
  readonly steps?: readonly RecordedStep[];
}
