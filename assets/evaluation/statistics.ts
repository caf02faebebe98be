import { sum } from "../../src/bench/index.ts";

export interface Interval {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

const z95 = 1.959964;

/**
 * 95% interval of the difference between two shares of right answers to the same questions, first - second: adjusted
 * Wald for paired proportions (Bonett and Price 2012, J. Educ. Behav. Stat. 37: 479-488). Half a question of each
 * kind of disagreement is added to both sides, so that it has a width where the two never disagree.
 */
export function pairedShares(first: readonly boolean[], second: readonly boolean[]): Interval {
  const size = first.length + 2;
  const gained = (only(first, second) + 1) / size;
  const lost = (only(second, first) + 1) / size;
  const half = z95 * Math.sqrt((gained + lost - (gained - lost) ** 2) / size);
  const centre = gained - lost;
  const difference = (only(first, second) - only(second, first)) / first.length;
  return { difference, low: centre - half, high: centre + half };
}

/** How many are right here and not there. */
function only(these: readonly boolean[], those: readonly boolean[]): number {
  return these.filter((right, index) => right && !those[index]).length;
}

/** A sum over some tokens, of one text. */
export interface Scored {
  readonly tokens: number;
  readonly total: number;
}

/** The mean a token over all texts. */
export function meanOf(texts: readonly Scored[]): number {
  return sum(texts.map(({ total }) => total)) / sum(texts.map(({ tokens }) => tokens));
}

/**
 * 95% interval of the difference of two means a token over texts that answer the same prompts, first - second: paired
 * bootstrap over prompts, percentiles. The same numbers give the same interval.
 */
export function pairedMeans(first: readonly Scored[], second: readonly Scored[], rounds = 2000): Interval {
  const random = randomFrom(rounds + first.length);
  const differences = Array.from({ length: rounds }, () => {
    const drawn = first.map(() => Math.floor(random() * first.length));
    return meanOfDrawn(first, drawn) - meanOfDrawn(second, drawn);
  });
  differences.sort((a, b) => a - b);
  const at = (share: number) => differences[Math.round(share * (rounds - 1))] ?? Number.NaN;
  return { difference: meanOf(first) - meanOf(second), low: at(0.025), high: at(0.975) };
}

function meanOfDrawn(texts: readonly Scored[], drawn: readonly number[]): number {
  let total = 0;
  let tokens = 0;
  for (const index of drawn) {
    total += texts[index]?.total ?? 0;
    tokens += texts[index]?.tokens ?? 0;
  }
  return total / tokens;
}

/** Distinct 4-grams as a share of all; 1 for a text too short to have two. */
export function distinctFourGrams(ids: readonly number[]): number {
  const grams = ids.slice(3).map((_, start) => ids.slice(start, start + 4).join(" "));
  return grams.length === 0 ? 1 : new Set(grams).size / grams.length;
}

/** Numbers in 0..1, the same for a seed: a linear congruential generator (Numerical Recipes' constants). */
export function randomFrom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
