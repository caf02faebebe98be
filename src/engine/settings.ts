/** How positions to unmask are chosen (JetAstra/SDAR, generate.py and huggingface_bd3.py: "remasking strategy"). */
export const strategies = [
  "sequential",
  "low_confidence_static",
  "low_confidence_dynamic",
  "entropy_bounded",
] as const;

export type Strategy = (typeof strategies)[number];

/** Everything that decides a decoding, besides the ids of the prompt and their block borders. */
export interface DecodingSettings {
  readonly strategy: Strategy;
  /** positions decoded together, 1..256; takes effect at the next block */
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

/** The built-in defaults; blockLength is the model's own. */
export function defaultSettings(blockLength: number): DecodingSettings {
  return {
    strategy: "low_confidence_dynamic",
    blockLength,
    denoisingSteps: "block_length",
    threshold: 0.9,
    entropyBudget: 0.35,
    temperature: 0,
    topK: 0,
    topP: 1,
    seed: 0,
    maxTokens: 1024,
  };
}
