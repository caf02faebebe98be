import type { Conversation } from "../chat/index.ts";
import type { DecodingSettings } from "../engine/index.ts";
import type { Display } from "./display.ts";
import type { ModelFacts, ModelShelf } from "./models.ts";

export interface ChatOptions {
  /** a promise while the model loads: the prompt is there at once, and what is sent early waits */
  readonly conversation: Conversation | Promise<Conversation>;
  /** the line printed at the top, without "? help" */
  readonly banner: string;
  /** of the first answer, as the conversation has them */
  readonly settings: DecodingSettings;
  /** the model that answers first */
  readonly model: ModelFacts;
  /** tokens that prompt and reply may have together */
  readonly contextLimit: number;
  readonly system?: string;
  readonly display: Display;
  /** where sent messages are kept for the arrow keys; absent: only in memory */
  readonly historyFile?: string;
  /** folder of earlier conversations, for /resume */
  readonly transcripts?: string;
  /** for /model */
  readonly models?: ModelShelf;
  /** the person's own editor, as $VISUAL or $EDITOR name it */
  readonly editor?: string;
  /** a command that runs first, "/resume" for example */
  readonly command?: string;
  /** default: the process's own */
  readonly input?: NodeJS.ReadStream;
  readonly output?: NodeJS.WriteStream;
}

/** A chat on the screen. */
export interface ChatRun {
  /**
   * 0 when the person left. Rejects with what `conversation` rejected with, or with a defect of the interface; the
   * terminal is as it was by then. Closing the conversation's engine is the caller's.
   */
  readonly exitCode: Promise<number>;
  /** Leaves the terminal as it was found, synchronously: for handlers of signals and crashes. Safe to call twice. */
  restore(): void;
  /** Shows a sentence that stays on the page: that the conversation is not being saved, for example. */
  notify(sentence: string): void;
}
