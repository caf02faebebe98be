import type { DecodingSettings, EngineEvent, Finished } from "../engine/index.ts";
import type { TokenText } from "../model/index.ts";

/** One position of the block that is being decoded. */
export interface AnswerSlot {
  /** counted from 0 at the first prompt token */
  readonly position: number;
  readonly state: "masked" | "resolved";
  /** resolved: its share of the text, "" for a special token or a part of a character that is not whole yet */
  readonly text: string;
  /** present best token, placed or not, as text: "" if it is special or only a part of a character */
  readonly guess: string;
  /** name of that token for a list (TokenText.label); "" before the first step */
  readonly label: string;
  /** probability of that token; absent before the first step */
  readonly confidence?: number;
  /** nats; absent unless the strategy asked for it */
  readonly entropy?: number;
  /** resolved: the step of its block that placed it */
  readonly step?: number;
  /** the most probable other tokens, best first, by label */
  readonly runnersUp: readonly { readonly text: string; readonly probability: number }[];
  /** false: lies behind a placed stop token and will be dropped; its text is "" */
  readonly kept: boolean;
}

export interface AnswerBlock {
  /** 0 for the first block of the reply */
  readonly number: number;
  /** position of the block's first slot, prompt positions left out */
  readonly start: number;
  /** denoising steps done in this block */
  readonly step: number;
  /** positions of the reply in this block, in order */
  readonly slots: readonly AnswerSlot[];
}

/** Tokens count when they are kept, never behind a stop token; times are the engine's. */
export interface AnswerRates {
  /** kept tokens of the reply, the stop token included */
  readonly tokens: number;
  /** passes after the prefill, commits included */
  readonly passes: number;
  /** since the generation began, prefill included */
  readonly elapsedMs: number;
  /** tokens / elapsed; 0 before the first pass, like the two below */
  readonly tokensPerSecond: number;
  readonly tokensPerPass: number;
  readonly passesPerSecond: number;
  /** from the beginning to the first text that could be shown */
  readonly timeToFirstTextMs?: number;
}

/** All that a viewer needs to know of an answer while it is decoded and after. */
export interface AnswerState {
  readonly phase: "waiting" | "decoding" | "finished";
  /** text of the finished blocks, whole characters only: it never changes, only grows */
  readonly text: string;
  /** bytes of a character that the next block completes */
  readonly held: Uint8Array;
  /** the block being decoded; absent before the first and after the last */
  readonly block?: AnswerBlock;
  /** in force at the last pass */
  readonly settings: DecodingSettings;
  readonly prompt?: { readonly tokens: number; readonly reused: number };
  readonly rates: AnswerRates;
  readonly reason?: Finished["reason"];
}

/** The state of an answer that was just asked for. */
export declare function waitingAnswer(settings: DecodingSettings): AnswerState;

/** The next state; pure. `tokens` is the conversation's tokenizer. */
export declare function reduceAnswer(state: AnswerState, event: EngineEvent, tokens: TokenText): AnswerState;
