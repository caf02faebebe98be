import type { DecodingSettings } from "../settings.ts";

/** How sure a pass was of masks in a row, the leftmost first. */
export interface Sureness {
  readonly confidence: readonly number[];
  /** the chance of each to be right, as experience says */
  readonly chance: readonly number[];
}

/** What one pass said of masks in a row, the tokens before them being known, or guessed rightly. */
export interface Look {
  /** as a window takes it, each guess behind those before it where they are chained */
  readonly inOrder: Sureness;
  /** as a block does, which decides about all masks at once */
  readonly atOnce: Sureness;
  /** how much it counts: less the older it is */
  readonly weight: number;
}

/** A strategy with its block length. */
export type Way = Pick<DecodingSettings, "strategy" | "blockLength">;

export type Bounds = Pick<
  DecodingSettings,
  "threshold" | "draftThreshold" | "lookaheadThreshold" | "hedgeThreshold" | "promptLookup"
>;

/** What decoding this way would bring, going by what was seen lately. */
export interface Forecast {
  readonly way: Way;
  readonly bounds: Partial<Bounds>;
  /** tokens a pass */
  readonly tokens: number;
  /** tokens a millisecond (see costTable) */
  readonly rate: number;
  /** share of the tokens that would be other ones than one token at a time chooses */
  readonly wrong: number;
}

export interface Outlook {
  /** not empty, each as long as the longest block */
  readonly looks: readonly Look[];
  /** milliseconds of a pass, by rows */
  readonly costs: Float64Array;
  /** the model commits blocks: a block's rows run once more with the next block (see forms.ts) */
  readonly commits: boolean;
  /** rows that a first mask, or a verifier, adds: none where the token before it is its row (see forms.ts) */
  readonly firstMaskRows: 0 | 1;
  /** of a pass at most */
  readonly mostRows: number;
}

const thresholdGrid = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98];
/** Looks that blocks are played through with: they are what costs most. */
const played = 8;

/** One token at a time. */
export function forecastSingle({ costs }: Outlook, way: Way, rows: number): Forecast {
  return { way, bounds: {}, tokens: 1, rate: 1 / (costs[rows] ?? Infinity), wrong: 0 };
}

/**
 * low_confidence_dynamic, for every threshold: blocks are played through, each with what one pass said: what was in doubt
 * stays so, a little less with every step. A token that has no mask to its left is the one that decoding in order chooses; any other is wrong with the chance that
 * experience leaves, the best of a step where none is above the threshold too.
 */
export function forecastBlocks(outlook: Outlook, blockLength: number): Forecast[] {
  const way: Way = { strategy: "low_confidence_dynamic", blockLength };
  return thresholdGrid.map((threshold) => {
    let [tokens, wrong, time, passes] = [0, 0, 0, 0];
    for (const look of outlook.looks.slice(0, played)) {
      const { weight, atOnce } = look;
      const block = playBlock(outlook, atOnce, blockLength, threshold);
      tokens += weight * blockLength;
      wrong += weight * block.wrong;
      time += weight * block.time;
      passes += weight * block.passes;
    }
    const rate = tokens / time;
    return { way, bounds: { threshold }, tokens: tokens / passes, rate, wrong: wrong / tokens };
  });
}

/** What is left of a mask's doubt with every step that decides others. */
const settling = 0.85;

/** Written in place, for it is the most that a choice costs. */
function playBlock(
  { costs, commits, firstMaskRows }: Outlook,
  { confidence, chance }: Sureness,
  length: number,
  threshold: number,
) {
  const doubt = Float64Array.from({ length }, (_, index) => 1 - (confidence[index] ?? 0));
  const error = Float64Array.from({ length }, (_, index) => 1 - (chance[index] ?? 0));
  let [masked, fresh, wrong, time, passes] = [length, 1, 0, 0, 0];
  while (masked > 0) {
    const shared = passes === 0 ? 1 - firstMaskRows : 0; // later, tokens behind the first mask may be decided
    time += costs[commits ? length * (passes === 0 ? 2 : 1) : masked + fresh - shared] ?? Infinity;
    let bound = Infinity;
    for (let mask = 0; mask < masked; mask++) bound = Math.min(bound, doubt[mask] ?? 0);
    bound = Math.max(bound, 1 - threshold - 1e-9);
    let left = 0;
    for (let mask = 0; mask < masked; mask++) {
      if ((doubt[mask] ?? 0) <= bound) {
        if (mask > 0) wrong += error[mask] ?? 0;
        continue;
      }
      doubt[left] = (doubt[mask] ?? 0) * settling;
      error[left++] = (error[mask] ?? 0) * settling;
    }
    fresh = masked - left;
    masked = left;
    passes++;
  }
  return { wrong, time, passes };
}
