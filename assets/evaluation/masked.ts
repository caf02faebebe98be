import { BlockReader, type Scorer } from "./block-reader.ts";
import { addTo, noScores, tenthOf, type MaskedScores } from "./masked-scores.ts";
import { randomFrom } from "./statistics.ts";

export const blockLengths = [1, 4, 8, 16];

/** How many masks a block of that length is tried with. */
const maskCounts = (blockLength: number) => [16, 8, 4, 2, 1].filter((count) => count <= blockLength);

export interface ScoredText {
  /** decides where masks stand */
  readonly seed: number;
  readonly ids: readonly number[];
  /** the first position of the answer, which alone is masked */
  readonly from: number;
}

/**
 * Scores the true tokens of every whole block of the answer with all of the block masked, then with some of it, places
 * drawn from the seed; everything before the block is known, nothing after it. Rows are laid out and cached as in
 * decoding. What blocks that are all masks say is, behind the first mask, what self_speculative would guess if all before the guess
 * was right: of a model that chains its guesses, behind the true tokens. Empties the cache.
 */
export async function scoreMasked(
  { graph, config, chain }: Scorer,
  { seed, ids, from }: ScoredText,
  lengths: readonly number[] = blockLengths,
): Promise<MaskedScores> {
  const scores = noScores();
  for (const length of lengths) {
    const reader = new BlockReader({ graph, config, chain }, ids, length);
    const random = randomFrom(seed * 31 + length);
    for (let start = Math.ceil(from / length) * length; start + length <= ids.length; start += length) {
      for (const count of maskCounts(length)) {
        const masked = drawPlaces(length, count, random).map((place) => start + place);
        for (const result of await reader.read(start, masked))
          addTo((scores.byMasks[length] ??= {}), count, result);
        if (count < length) continue;
        for (const { slot, ...result } of await reader.guessed(start)) {
          addTo((scores.byPlace[length] ??= {}), slot - start, result);
          if (slot > start) addTo((scores.byCertainty[length] ??= {}), tenthOf(result.certainty), result);
        }
      }
    }
  }
  graph.truncate(0);
  return scores;
}

/** `count` of the places 0..length-1, ascending. */
function drawPlaces(length: number, count: number, random: () => number): number[] {
  const places = Array.from({ length }, (_, place) => ({ place, key: random() }));
  const drawn = places.toSorted((a, b) => a.key - b.key).slice(0, count);
  return drawn.map(({ place }) => place).toSorted((a, b) => a - b);
}
