import type { Chain } from "../graph/chain.ts";
import type { PassResult } from "../graph/graph.ts";
import { readSlot, topScores, type Reading, type Vocabulary } from "./readings.ts";
import { inverseTemperature, type SamplingSettings, type TopScores } from "./sampling.ts";
import { acceptedDrafts, guessesAfter, type Window } from "./speculation.ts";

/** Of a pass over a window. */
export interface WindowPass {
  readonly window: Window;
  /** the token before the window */
  readonly known: number;
  readonly result: PassResult;
  /** of the verifiers, the masks ahead and the hedges */
  readonly readings: readonly Reading[];
}

/**
 * Reads the guesses again that the next drafts come from, one after the other, each knowing the two tokens before it: the pass
 * guessed behind a token that its verifier has only now chosen.
 * @returns all readings, those guesses in the places of the pass's own
 * @throws UserError engine
 */
export async function chainGuesses(
  chain: Chain,
  { window, known, result, readings }: WindowPass,
  settings: SamplingSettings,
  vocabulary: Vocabulary,
): Promise<Reading[]> {
  const accepted = acceptedDrafts(window, readings);
  const [from, to] = guessesAfter(window, accepted);
  const out = [...readings];
  const inverse = inverseTemperature(settings.temperature);
  const among = { ...vocabulary, size: vocabulary.top };
  let before = accepted === 0 ? known : tokenAt(out, accepted - 1);
  let last = tokenAt(out, accepted);
  for (let row = from; row < to; row++) {
    const chained = await chainedScores(chain, topScores(result, row, vocabulary), {
      hidden: hiddenOf(result, row),
      tokens: [before, last],
      inverse,
    });
    const guess = out[row];
    if (guess === undefined) throw new Error("a guess that was not read");
    // A guess is chosen among the most probable tokens alone, also where drawing would need all: its check draws with the same noise.
    // The entropy stays the pass's; only entropy_bounded asks for it, which makes no guesses.
    out[row] = { ...guess, ...readSlot(chained, guess.position, settings, among), alone: guess.confidence };
    before = last;
    last = tokenAt(out, row);
  }
  return out;
}

/** A mask's row (see Chain), the two tokens before it and what its scores were multiplied by. */
export interface Behind {
  readonly hidden: Float32Array;
  readonly tokens: readonly [number, number];
  readonly inverse: number;
}

/** What the pass said of a mask, behind two tokens. @throws UserError engine */
export async function chainedScores(
  chain: Chain,
  top: TopScores,
  { hidden, tokens, inverse }: Behind,
): Promise<TopScores> {
  return withScores(top, await chain.scores(hidden, tokens, top.tokens), inverse);
}

/**
 * Scores with something added to the logits they stand for; the tokens that are not among them keep their share.
 * @param added one each, in their order
 */
export function withScores(
  { values, tokens, logSumExp }: TopScores,
  added: ArrayLike<number>,
  inverse: number,
): TopScores {
  const all = Array.from(values, (value, index) => ({
    token: tokens[index] ?? 0,
    before: value,
    value: value + (added[index] ?? 0) * inverse,
  }));
  const best = all.toSorted((a, b) => b.value - a.value);
  // No exponential runs over where everything is measured by the largest.
  const largest = Math.max(logSumExp, best[0]?.value ?? logSumExp);
  const weight = (score: number) => Math.exp(score - largest);
  const others = weight(logSumExp) - all.reduce((sum, { before }) => sum + weight(before), 0);
  const total = best.reduce((sum, { value }) => sum + weight(value), Math.max(0, others));
  return {
    values: best.map(({ value }) => value),
    tokens: best.map(({ token }) => token),
    logSumExp: largest + Math.log(total),
  };
}

/** The row of a mask as the head got it. */
export function hiddenOf({ hidden, logSumExp }: PassResult, row: number): Float32Array {
  if (hidden === undefined) throw new Error("the pass brought no hidden rows");
  const width = hidden.length / logSumExp.length;
  return hidden.subarray(row * width, (row + 1) * width);
}

function tokenAt(readings: readonly Reading[], row: number): number {
  const reading = readings[row];
  if (reading === undefined) throw new Error("a verifier that was not read");
  return reading.token;
}
