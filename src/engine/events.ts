import type { Device } from "./engine.ts";
import type { DecodingSettings } from "./settings.ts";

/** A token that the model considered for a position. */
export interface Candidate {
  readonly token: number;
  /** softmax of logits / temperature over the whole vocabulary, before top-k and top-p */
  readonly probability: number;
}

/** A token that is to be checked. */
export interface Draft extends Candidate {
  /** as its mask says, or as what was looked up makes of that */
  readonly probability: number;
  /** something was looked up at its position, this token or another one */
  readonly lookedUp?: true;
}

/** What one denoising pass found at one masked position. */
export interface SlotReading {
  /** counted from 0 at the first prompt token */
  readonly position: number;
  /** the token chosen for it: placed if `unmasked`, else the present best guess */
  readonly token: number;
  /** probability of `token` (see Candidate) */
  readonly confidence: number;
  /** of softmax(logits / temperature) over the whole vocabulary, nats; absent unless the strategy asked for it */
  readonly entropy?: number;
  /** the most probable other tokens, best first, at most three */
  readonly runnersUp: readonly Candidate[];
  /** the position holds `token` from this step on */
  readonly unmasked: boolean;
}

/** How often the graph ran. A fused pass commits finished blocks and denoises the next one. */
export interface PassCounts {
  /** passes without a masked row, before the first block */
  readonly prefill: number;
  /** passes with masked rows, fused ones included */
  readonly denoise: number;
  /** passes that only stored a finished block */
  readonly commit: number;
  /** of `denoise`: those that also stored a finished block, and so saved a commit */
  readonly fused: number;
}

export interface Prefilled {
  readonly type: "prefilled";
  /** tokens of the prompt */
  readonly promptTokens: number;
  /** of them, found in the cache of an earlier generation */
  readonly reusedTokens: number;
  readonly milliseconds: number;
}

export interface BlockOpened {
  readonly type: "block_opened";
  /** 0 for the first block of this reply */
  readonly block: number;
  /** the block's first position; it may lie in the prompt, whose tail the first block continues */
  readonly start: number;
  /** the block's ids from `start` on, masked positions as the mask id */
  readonly ids: readonly number[];
  /**
   * self_speculative: guesses of the pass before, or tokens that were looked up, for the first masked positions. The pass that follows
   * places each of them or, at the first that is wrong, another token; absent if there are none
   */
  readonly drafts?: readonly Draft[];
  readonly settings: DecodingSettings;
}

export interface Denoised {
  readonly type: "denoised";
  readonly block: number;
  /** 0 at the first pass over the block */
  readonly step: number;
  /** every position that was masked before the pass, ascending */
  readonly slots: readonly SlotReading[];
  /**
   * self_speculative: where a draft was refused, what its hedge guesses for the positions behind the token that took its
   * place; absent without one
   */
  readonly hedged?: readonly Candidate[];
  /**
   * self_speculative with chained guesses: how sure the pass itself was at the masks behind the last token that stands, which is what
   * a block of the same masks would go by
   */
  readonly alone?: readonly number[];
  /** those in force in this pass */
  readonly settings: DecodingSettings;
  /** rows the pass computed, masked or not */
  readonly rows: number;
  /** time of the pass */
  readonly milliseconds: number;
  /** since the generation began */
  readonly elapsed: number;
}

/**
 * No position of the block is masked any more, or all that count are filled: its text will not change. With
 * self_speculative a block is the window of one pass, and ends with its last token that stands: the next one starts there.
 */
export interface BlockFinished {
  readonly type: "block_finished";
  readonly block: number;
  readonly start: number;
  /** the block's ids that belong to the text: cut after the first stop token */
  readonly ids: readonly number[];
}

export interface Finished {
  readonly type: "finished";
  /** stop: a stop token; length: maxTokens; context: the model's context is full; aborted: by the caller */
  readonly reason: "stop" | "length" | "context" | "aborted";
  /** the reply's ids, the stop token included; after an abort, up to the first mask */
  readonly ids: readonly number[];
  /**
   * Block ends over prompt and reply, ascending: the partition that the keys and values depend on. Give it back
   * with the same ids and the engine computes the same numbers. Empty for models with causal context.
   */
  readonly borders: readonly number[];
  readonly passes: PassCounts;
  /** since the generation began */
  readonly milliseconds: number;
}

/** The device failed: from this pass on another one computes, on the same cache. Nothing of the answer is lost. */
export interface DeviceChanged {
  readonly type: "device_changed";
  readonly device: Device;
  /** a sentence for the user */
  readonly reason: string;
}

export type EngineEvent = DeviceChanged | Prefilled | BlockOpened | Denoised | BlockFinished | Finished;
