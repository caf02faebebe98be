import { formOf, Rows, type Form, type Graph } from "../../src/engine/index.ts";
import type { ModelConfig } from "../../src/model/index.ts";
import { randomFrom } from "./statistics.ts";

/** What a model says at masked positions, summed. */
export interface MaskedSums {
  positions: number;
  /** the most probable token is that of the text */
  right: number;
  /** natural logarithm of the probability of the text's token */
  logLikelihood: number;
}

export interface MaskedScores {
  /** by block length, then by number of masks */
  readonly byMasks: Record<number, Record<number, MaskedSums>>;
  /** blocks that are all masks: by block length, then by place in the block from 0 */
  readonly byPlace: Record<number, Record<number, MaskedSums>>;
}

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
 * decoding. Empties the cache.
 */
export async function scoreMasked(
  graph: Graph,
  config: ModelConfig,
  { seed, ids, from }: ScoredText,
  lengths: readonly number[] = blockLengths,
): Promise<MaskedScores> {
  const scores: MaskedScores = { byMasks: {}, byPlace: {} };
  for (const length of lengths) {
    const reader = new BlockReader(graph, config, ids, length);
    const random = randomFrom(seed * 31 + length);
    for (let start = Math.ceil(from / length) * length; start + length <= ids.length; start += length) {
      for (const count of maskCounts(length)) {
        const masked = drawPlaces(length, count, random).map((place) => start + place);
        for (const { slot, right, logLikelihood } of await reader.read(start, masked)) {
          addTo((scores.byMasks[length] ??= {}), count, right, logLikelihood);
          if (count === length) addTo((scores.byPlace[length] ??= {}), slot - start, right, logLikelihood);
        }
      }
    }
  }
  graph.truncate(0);
  return scores;
}

function addTo(sums: Record<number, MaskedSums>, key: number, right: boolean, logLikelihood: number): void {
  const at = (sums[key] ??= { positions: 0, right: 0, logLikelihood: 0 });
  at.positions++;
  if (right) at.right++;
  at.logLikelihood += logLikelihood;
}

/** `count` of the places 0..length-1, ascending. */
function drawPlaces(length: number, count: number, random: () => number): number[] {
  const places = Array.from({ length }, (_, place) => ({ place, key: random() }));
  const drawn = places.toSorted((a, b) => a.key - b.key).slice(0, count);
  return drawn.map(({ place }) => place).toSorted((a, b) => a - b);
}

/** Reads blocks of one text from left to right, with any of a block's positions masked. */
class BlockReader {
  readonly #graph: Graph;
  readonly #config: ModelConfig;
  readonly #form: Form;
  readonly #ids: readonly number[];
  readonly #length: number;
  readonly #rows = new Rows();

  constructor(graph: Graph, config: ModelConfig, ids: readonly number[], length: number) {
    this.#graph = graph;
    this.#config = config;
    this.#form = formOf(config);
    this.#ids = ids;
    this.#length = length;
    graph.truncate(0);
  }

  async read(start: number, masked: readonly number[]) {
    await this.#prefill(start);
    this.#layOut(start, start + this.#length, masked);
    const { topIndices, logits, logSumExp } = await this.#graph.run(this.#rows, 1, true);
    // With all of a block masked, what is settled is what stands before it.
    if (masked.length === this.#length) this.#graph.keep(this.#rows.settled);
    const { vocabSize } = this.#config.architecture;
    return masked.map((slot, row) => {
      const token = this.#ids[slot] ?? 0;
      const score = logits?.[row * vocabSize + token] ?? Number.NaN;
      const right = topIndices[row * this.#config.topTokens] === token;
      return { slot, right, logLikelihood: score - (logSumExp[row] ?? Number.NaN) };
    });
  }

  async #prefill(start: number): Promise<void> {
    const known = this.#sequence(start, start, []);
    while (this.#form.cacheableEnd(known) - this.#graph.cached > 64) {
      this.#layOut(start, this.#form.chunkEnd(known, this.#graph.cached, 64), []);
      await this.#graph.run(this.#rows, 1, false);
      this.#graph.keep(this.#rows.settled);
    }
  }

  #layOut(start: number, end: number, masked: readonly number[]): void {
    this.#rows.clear();
    const sequence = this.#sequence(start, Math.max(start, end), masked);
    this.#form.layOut(this.#rows, sequence, this.#graph.cached, end);
  }

  /** The text up to `end`; blocks up to `start`. */
  #sequence(start: number, end: number, masked: readonly number[]) {
    const ids = this.#ids.slice(0, end);
    for (const slot of masked) ids[slot] = this.#config.maskTokenId;
    return { ids, masked: [...masked], borders: this.#form.partition(start, [], this.#length) };
  }
}
