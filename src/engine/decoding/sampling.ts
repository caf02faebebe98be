import { leastScore } from "./filters.ts";
import { gumbel, gumbelOf, leastHash, noiseAt, noiseHash } from "./noise.ts";
import type { DecodingSettings } from "../settings.ts";

export type SamplingSettings = Pick<DecodingSettings, "temperature" | "topK" | "topP" | "seed">;

/**
 * The largest scores of one position, descending. A score is logit / temperature (temperature 0: the logit), the
 * probability of a token exp(score - logSumExp).
 */
export interface TopScores {
  readonly values: ArrayLike<number>;
  /** the tokens of `values` */
  readonly tokens: ArrayLike<number>;
  /** ln of the sum of exp(score) over the whole vocabulary */
  readonly logSumExp: number;
}

/** What logits are multiplied by; temperature 0 measures confidence at temperature 1. */
export function inverseTemperature(temperature: number): number {
  return temperature === 0 ? 1 : 1 / temperature;
}

/** Whether the drawing can need tokens beyond the most probable `top`, whatever the logits are. */
export function needsAllLogits({ temperature, topK, topP }: SamplingSettings, top: number): boolean {
  return temperature > 0 && topP === 1 && (topK === 0 || topK > top);
}

/**
 * Chooses the token of a position from the most probable ones: the one whose score plus noise is largest, which is a
 * draw from the softmax of those that are kept. At temperature 0 the first of the most probable.
 * @param top descending, with `tokens`
 * @param complete whether `top` is the whole vocabulary
 * @param banned tokens that are never chosen, as if their logits were -Infinity; probabilities still count them
 * @returns the index in `top`, or undefined if the choice may lie beyond: then `drawFromAll`
 */
export function drawFromTop(
  top: TopScores,
  complete: boolean,
  settings: SamplingSettings,
  position: number,
  banned: readonly number[],
): number | undefined {
  if (settings.temperature === 0) {
    const first = Array.from(top.tokens).findIndex((token) => !banned.includes(token));
    return first < 0 ? undefined : first;
  }
  const allowed = Array.from(top.values).filter((_, index) => !banned.includes(top.tokens[index] ?? -1));
  const least = leastScore(allowed, complete, top.logSumExp, settings);
  if (least === undefined) return undefined;
  const { index } = bestOfTop(top, least, noiseAt(settings.seed, position), banned);
  return index < 0 ? undefined : index;
}

interface Best {
  readonly index: number;
  /** its score plus noise */
  readonly sum: number;
}

function bestOfTop(
  { values, tokens }: TopScores,
  least: number,
  noise: number,
  banned: readonly number[],
): Best {
  let best = { index: -1, sum: -Infinity };
  for (let index = 0; index < values.length; index++) {
    const score = values[index] ?? -Infinity;
    const token = tokens[index] ?? -1;
    if (score < least || banned.includes(token)) continue;
    const sum = score + gumbel(noise, token);
    if (sum > best.sum) best = { index, sum };
  }
  return best;
}

/**
 * The same, of all tokens, at a temperature above 0. The most probable ones are tried first: of the others, which
 * score less than the last of them, only those can win whose noise is rare, and that shows before any logarithm.
 * @param all scores of the whole vocabulary
 * @returns the token
 */
export function drawFromAll(
  all: Float32Array,
  top: TopScores,
  settings: SamplingSettings,
  position: number,
  banned: readonly number[],
): number {
  const least = leastOfAll(all, top, settings, banned);
  const noise = noiseAt(settings.seed, position);
  const first = bestOfTop(top, least, noise, banned);
  let best = top.tokens[first.index] ?? -1;
  let bestSum = first.sum;
  const ceiling = top.values[top.values.length - 1] ?? Infinity;
  let bar = leastHash(bestSum - ceiling);
  for (let token = 0; token < all.length; token++) {
    const hash = noiseHash(noise, token);
    if (hash < bar) continue;
    const score = all[token] ?? -Infinity;
    const sum = score + gumbelOf(hash);
    if (score < least || sum <= bestSum || banned.includes(token)) continue;
    best = token;
    bestSum = sum;
    bar = leastHash(bestSum - ceiling);
  }
  return best;
}

/** `leastScore` over the whole vocabulary, of which mostly a small part near the largest score needs to be sorted. */
function leastOfAll(
  all: Float32Array,
  { values, logSumExp }: TopScores,
  settings: SamplingSettings,
  banned: readonly number[],
): number {
  if (settings.topK === 0 && settings.topP === 1) return -Infinity;
  for (const reach of [8, 16, Infinity]) {
    const floor = (values[0] ?? 0) - reach;
    const near = all.filter((score, token) => score >= floor && !banned.includes(token));
    const least = leastScore(near.toSorted().toReversed(), reach === Infinity, logSumExp, settings);
    if (least !== undefined) return least;
  }
  return -Infinity;
}
