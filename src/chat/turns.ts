import type { DecodingSettings, EngineEvent, Finished } from "../engine/index.ts";
import type { Insert } from "./message.ts";

/** How a reply ended: as the engine says, with an engine that failed, or with a program that was killed ("cut"). */
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
  /** what the knobs that there were then stood at; absent: the same */
  readonly knobs?: Partial<DecodingSettings>;
}

/** A message of the user and what came back. A turn whose reply has no ids is shown, but the model never sees it. */
export interface Turn {
  readonly user: string;
  /** what of it nobody typed; absent: all was */
  readonly inserts?: readonly Insert[];
  /** the whole prompt that was decoded, earlier turns included */
  readonly promptIds: readonly number[];
  readonly reply: Reply;
  /** what the engine said while the reply was decoded: reduceAnswer shows the answer again */
  readonly events: readonly EngineEvent[];
}

/** A turn as a transcript gives it back. */
export interface RecordedTurn extends Omit<Turn, "reply"> {
  readonly reply: Omit<Reply, "content">;
}
