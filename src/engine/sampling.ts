import { gumbel, largestGumbel, noiseAt } from "./noise.ts";
import type { DecodingSettings } from "./settings.ts";

export type SamplingSettings = Pick<DecodingSettings, "temperature" | "topK" | "topP" | "seed">;

/**
 * What is known of one position's distribution. A score is logit / temperature (temperature 0: the logit), the
 * probability of a token exp(score - logSumExp).
 */
export interface Scores {
  readonly values: ArrayLike<number>;
  /** the tokens of `values`; absent: value i is token i's, of the whole vocabulary */
  readonly tokens?: ArrayLike<number>;
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
 * The least score a token must have to be drawn: top-k keeps every score >= the k-th largest; of what is left, top-p
 * keeps a token as long as those above it have not more than `topP` of the probability together (the first always).
 * JetAstra/SDAR, huggingface_bd3.py (top_k_logits, top_p_logits), save that ties at the nucleus' edge stay together.
 * @param descending the largest scores, or all of them if `complete`
 * @returns undefined if it depends on scores that are not among `descending`
 */
export function leastScore(
  descending: ArrayLike<number>,
  complete: boolean,
  logSumExp: number,
  { topK, topP }: Pick<SamplingSettings, "topK" | "topP">,
): number | undefined {
  const limited = topK > 0 && (topK < descending.length || !complete);
  const count = limited ? countOfTop(descending, topK, complete) : descending.length;
  if (count === undefined) return undefined;
  if (topP >= 1) return limited ? descending[count - 1] : complete ? -Infinity : undefined;
  const total = limited ? logSum(descending, count) : logSumExp;
  let before = 0;
  for (let index = 0; index < count; index++) {
    if (index > 0 && before > topP) return descending[index - 1];
    before += Math.exp((descending[index] ?? 0) - total);
  }
  if (limited || complete || before > topP) return descending[count - 1];
  return undefined;
}

/** How many scores are >= the k-th; undefined if that may be more than are given. */
function countOfTop(descending: ArrayLike<number>, k: number, complete: boolean): number | undefined {
  const kth = descending[k - 1];
  if (kth === undefined) return undefined;
  let count = k;
  while (count < descending.length && descending[count] === kth) count++;
  return count === descending.length && !complete ? undefined : count;
}

function logSum(descending: ArrayLike<number>, count: number): number {
  const first = descending[0] ?? 0;
  let sum = 0;
  for (let index = 0; index < count; index++) sum += Math.exp((descending[index] ?? 0) - first);
  return first + Math.log(sum);
}

/**
 * The index (of `values`) whose score plus noise is largest, among the scores >= `least`: a draw from the softmax of
 * those. Without noise: the first of the largest scores.
 * @param noise of the position (noiseAt); absent: none
 * @param banned tokens that are never chosen
 * @returns -1 if no token may be chosen
 */
function drawIndex(
  { values, tokens }: Scores,
  least: number,
  noise: number | undefined,
  banned: readonly number[],
): number {
  const reach = noise === undefined ? 0 : largestGumbel;
  let best = -1;
  let bestSum = -Infinity;
  for (let index = 0; index < values.length; index++) {
    const score = values[index] ?? -Infinity;
    if (score < least || score + reach <= bestSum) continue;
    const token = tokens?.[index] ?? index;
    if (banned.includes(token)) continue;
    const sum = noise === undefined ? score : score + gumbel(noise, token);
    if (sum <= bestSum) continue;
    best = index;
    bestSum = sum;
  }
  return best;
}

/**
 * Chooses the token of a position from the most probable ones.
 * @param top descending, with `tokens`
 * @param complete whether `top` is the whole vocabulary
 * @param banned tokens that are never chosen, as if their logits were -Infinity; probabilities still count them
 * @returns the index in `top`, or undefined if the choice may lie beyond: then `drawFromAll`
 */
export function drawFromTop(
  top: Scores,
  complete: boolean,
  settings: SamplingSettings,
  position: number,
  banned: readonly number[],
): number | undefined {
  const least = settings.temperature === 0 ? -Infinity : leastOfTop(top, complete, settings, banned);
  if (least === undefined) return undefined;
  const noise = settings.temperature === 0 ? undefined : noiseAt(settings.seed, position);
  const index = drawIndex(top, least, noise, banned);
  return index < 0 ? undefined : index;
}

function leastOfTop(
  { values, tokens, logSumExp }: Scores,
  complete: boolean,
  settings: SamplingSettings,
  banned: readonly number[],
): number | undefined {
  const allowed: number[] = [];
  for (let index = 0; index < values.length; index++) {
    if (!banned.includes(tokens?.[index] ?? index)) allowed.push(values[index] ?? -Infinity);
  }
  return leastScore(allowed, complete, logSumExp, settings);
}

/**
 * The same from the scores of the whole vocabulary, at a temperature above 0.
 * @returns the token
 */
export function drawFromAll(
  values: Float32Array,
  logSumExp: number,
  settings: SamplingSettings,
  position: number,
  banned: readonly number[],
): number {
  let least: number | undefined = -Infinity;
  if (settings.topK > 0 || settings.topP < 1) {
    const allowed = values.slice();
    for (const token of banned) allowed[token] = -Infinity;
    least = leastScore(allowed.toSorted().toReversed(), true, logSumExp, settings) ?? -Infinity;
  }
  return drawIndex({ values, logSumExp }, least, noiseAt(settings.seed, position), banned);
}
