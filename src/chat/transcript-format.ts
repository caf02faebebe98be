import type { DecodingSettings, EngineEvent, Finished } from "../engine/index.ts";

/** How a reply ended: as the engine says, by an engine that failed, or by a program that was killed ("cut"). */
export type ReplyEnd = Finished["reason"] | "failed" | "cut";

/** An answer as it is kept: text for people, ids and borders for the next prompt. */
export interface Reply {
  /** text of `ids`, special tokens left out */
  readonly content: string;
  /** as decoded, the stop token included; after a stop in mid-block, up to the first mask */
  readonly ids: readonly number[];
  /** block ends over prompt and reply (see Finished.borders) */
  readonly borders: readonly number[];
  readonly end: ReplyEnd;
  /** what went wrong, if the engine failed */
  readonly problem?: string;
  /** in force when the reply began */
  readonly settings: DecodingSettings;
}

/** A message of the user and what came back. */
export interface Turn {
  readonly user: string;
  /** the whole prompt that was decoded, earlier turns included */
  readonly promptIds: readonly number[];
  readonly reply: Reply;
}

/** First line of a transcript. */
export interface TranscriptHeader {
  readonly startedAt: string;
  /** version and build of the program that wrote it */
  readonly program: { readonly version: string; readonly build?: string };
  readonly model: { readonly name: string; readonly weights: string };
  readonly device: string;
  readonly threads: number;
  readonly system?: string;
}

/** A transcript as read back. */
export interface Transcript {
  readonly header: TranscriptHeader;
  readonly turns: readonly RecordedTurn[];
}

export interface RecordedTurn extends Turn {
  /** what the engine said while the reply was decoded: give it to reduceAnswer to see the answer again */
  readonly events: readonly EngineEvent[];
}
