import type { Candidate } from "../events.ts";
import type { PassResult } from "../graph/graph.ts";
import { drawFromAll, drawFromTop, type SamplingSettings, type TopScores } from "./sampling.ts";

/** What a pass says of one masked position. */
export interface Reading {
  readonly position: number;
  /** the token chosen for it */
  readonly token: number;
  /** its probability after temperature, before top-k and top-p, as f32 */
  readonly confidence: number;
  readonly entropy: number;
  /** of a chained guess: how sure the pass itself was of what it chose there */
  readonly alone?: number;
  /** the most probable other tokens, best first */
  readonly runnersUp: readonly Candidate[];
}

/** What of a model the choice of tokens needs. */
export interface Vocabulary {
  readonly size: number;
  /** tokens that the graph returns a row */
  readonly top: number;
  /** tokens that are never chosen: the mask, and the one that marks carrying */
  readonly banned: readonly number[];
}

const shownRunnersUp = 3;

/**
 * Chooses a token for every position that the pass was asked about.
 * @returns undefined if a choice may lie beyond the most probable tokens and the pass brought no logits
 */
export function readSlots(
  result: PassResult,
  slots: readonly number[],
  settings: SamplingSettings,
  vocabulary: Vocabulary,
): Reading[] | undefined {
  const readings: Reading[] = [];
  for (const [row, position] of slots.entries()) {
    const all = result.logits?.subarray(row * vocabulary.size, (row + 1) * vocabulary.size);
    const top = topScores(result, row, vocabulary);
    const reading = readSlot(top, position, settings, vocabulary, all);
    if (reading === undefined) return undefined;
    readings.push({ ...reading, entropy: result.entropy[row] ?? 0 });
  }
  return readings;
}

/** What a pass says of an asked row. */
export function topScores(result: PassResult, row: number, { top }: Pick<Vocabulary, "top">): TopScores {
  const [from, to] = [row * top, (row + 1) * top];
  return {
    values: result.topValues.subarray(from, to),
    tokens: result.topIndices.subarray(from, to),
    logSumExp: result.logSumExp[row] ?? 0,
  };
}

/**
 * Chooses a token by scores.
 * @param all of the whole vocabulary, if they are at hand
 * @returns undefined if the choice may lie beyond the most probable tokens and they are not
 */
export function readSlot(
  best: TopScores,
  position: number,
  settings: SamplingSettings,
  { size, top, banned }: Vocabulary,
  all?: Float32Array,
): Omit<Reading, "entropy"> | undefined {
  const { values, tokens, logSumExp } = best;
  const chosen = drawFromTop(best, top === size, settings, position, banned);
  if (chosen === undefined && all === undefined) return undefined;
  const token =
    chosen === undefined && all !== undefined
      ? drawFromAll(all, best, settings, position, banned)
      : (tokens[chosen ?? 0] ?? 0);
  const score = chosen === undefined ? (all?.[token] ?? 0) : (values[chosen] ?? 0);
  return {
    position,
    token,
    confidence: Math.fround(Math.exp(score - logSumExp)),
    runnersUp: runnersUp(best, token, banned),
  };
}

function runnersUp(
  { values, tokens, logSumExp }: TopScores,
  chosen: number,
  banned: readonly number[],
): Candidate[] {
  const others: Candidate[] = [];
  for (let index = 0; index < values.length && others.length < shownRunnersUp; index++) {
    const token = tokens[index] ?? 0;
    if (token === chosen || banned.includes(token)) continue;
    others.push({ token, probability: Math.exp((values[index] ?? 0) - logSumExp) });
  }
  return others;
}
