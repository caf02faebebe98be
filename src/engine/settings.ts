/** How positions to unmask are chosen (JetAstra/SDAR, generate.py and huggingface_bd3.py: "remasking strategy"). */
export const remaskingStrategies = [
  "sequential",
  "low_confidence_static",
  "low_confidence_dynamic",
  "entropy_bounded",
] as const;

export type RemaskingStrategy = (typeof remaskingStrategies)[number];

/** The remasking ones, block by block; and self_speculative, which guesses and checks in windows (speculation.ts). */
export const strategies = [...remaskingStrategies, "self_speculative"] as const;

export type Strategy = (typeof strategies)[number];

/**
 * The dial: how many of the tokens may be other ones than one token at a time would choose. "exact": none; careful,
 * balanced and fast: about 1, 3 and 10 in a hundred, as expected from the model's own confidence; "off": the knobs
 * stay as they are set by hand. What the dial sets is decided in auto.ts.
 */
export const doubts = ["exact", "careful", "balanced", "fast", "off"] as const;

export type Doubt = (typeof doubts)[number];

/** Everything that decides a decoding, besides the ids of the prompt and their block borders. */
export interface DecodingSettings {
  /** unless "off", strategy, block length, steps and thresholds are set as the decoding goes */
  readonly doubt: Doubt;
  /** block lengths that the dial may choose: those the model was trained at, or any */
  readonly autoBlocks: "trained" | "any";
  /** to self_speculative or from it: takes effect at the next block */
  readonly strategy: Strategy;
  /**
   * positions decoded together, 1..256, and no more than a pass of the device has room for; takes effect at the next
   * block
   */
  readonly blockLength: number;
  /**
   * denoising steps planned for a block: each unmasks blockLength / steps positions (static, sequential; the
   * least number for dynamic). "block_length": one position a step. Takes effect at the next block.
   */
  readonly denoisingSteps: number | "block_length";
  /** low_confidence_dynamic: unmask every position whose confidence is above this, 0..1 */
  readonly threshold: number;
  /** entropy_bounded: unmask the positions of lowest entropy while their sum stays below this, nats */
  readonly entropyBudget: number;
  /** self_speculative: guess on while the chance that all guesses are right stays above this, 0..1. Takes effect at the next window. */
  readonly draftThreshold: number;
  /**
   * self_speculative: guess beyond the drafts only if the chance that they all are right reaches this; above 1:
   * never guess. Takes effect at the next window.
   */
  readonly lookaheadThreshold: number;
  /**
   * self_speculative: guess also what follows where a draft is refused, if the chance of that refusal reaches this; above
   * 1: never. Takes effect at the next window.
   */
  readonly hedgeThreshold: number;
  /**
   * self_speculative: guesses that may come, at most, from where the text ran before as it does now; 0: none. How many
   * do depends on draftThreshold. Takes effect at the next window.
   */
  readonly promptLookup: number;
  /** 0: the most probable token, with its probability at temperature 1 as confidence */
  readonly temperature: number;
  /** draw among the k most probable tokens (ties with the k-th included); 0: off */
  readonly topK: number;
  /** draw among the fewest tokens whose probability reaches this; 1: off */
  readonly topP: number;
  /** 32-bit unsigned; the same seed and settings give the same text on one device */
  readonly seed: number;
  /** tokens of the reply at most */
  readonly maxTokens: number;
}

/**
 * The built-in defaults; blockLength is the model's own. A draft pays where its chance x (ms a token) > 2 x (ms a row):
 * on two cores with the embedded model from a chance of 0.2 to 0.25 on; 0.2 to 0.4 came out equal there.
 */
export function defaultSettings(blockLength: number): DecodingSettings {
  return {
    doubt: "off",
    strategy: "low_confidence_dynamic",
    blockLength,
    denoisingSteps: "block_length",
    threshold: 0.9,
    entropyBudget: 0.35,
    draftThreshold: 0.3,
    lookaheadThreshold: 0.5,
    hedgeThreshold: 0.25,
    promptLookup: 16,
    temperature: 0,
    topK: 0,
    topP: 1,
    seed: 0,
    maxTokens: 1024,
    autoBlocks: "trained",
  };
}
