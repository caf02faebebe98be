import { chainedScores, hiddenOf } from "../../src/engine/decoding/chained-guesses.ts";
import { topScores } from "../../src/engine/decoding/readings.ts";
import type { TopScores } from "../../src/engine/decoding/sampling.ts";
import { formOf, Rows, type Chain, type Form, type Graph, type PassResult } from "../../src/engine/index.ts";
import type { ModelConfig } from "../../src/model/index.ts";

/** A model whose passes are read. */
export interface Scorer {
  readonly graph: Graph;
  readonly config: ModelConfig;
  /** of a model that chains its guesses */
  readonly chain?: Chain | undefined;
}

/** Reads blocks of one text from left to right, with any of a block's positions masked. */
export class BlockReader {
  readonly #graph: Graph;
  readonly #config: ModelConfig;
  readonly #chain: Chain | undefined;
  readonly #form: Form;
  readonly #ids: readonly number[];
  readonly #length: number;
  readonly #top: { readonly top: number };
  readonly #rows = new Rows();
  /** of the last block that was all masks */
  #whole: { readonly result: PassResult; readonly masked: readonly number[] } | undefined;

  constructor({ graph, config, chain }: Scorer, ids: readonly number[], length: number) {
    this.#graph = graph;
    this.#config = config;
    this.#chain = chain;
    this.#top = { top: config.topTokens };
    this.#form = formOf(config);
    this.#ids = ids;
    this.#length = length;
    graph.truncate(0);
  }

  async read(start: number, masked: readonly number[]) {
    await this.#prefill(start);
    this.#layOut(start, start + this.#length, masked);
    const result = await this.#graph.run(this.#rows, 1, true);
    // With all of a block masked, what is settled is what stands before it.
    if (masked.length === this.#length) {
      this.#graph.keep(this.#rows.settled);
      this.#whole = { result, masked };
    }
    return masked.map((slot, row) => this.#resultOf(slot, topScores(result, row, this.#top), result, row));
  }

  /** The same of the block that was all masks last, chained where the model does that. */
  async guessed(start: number) {
    if (this.#whole === undefined) throw new Error("no block was all masks");
    const { result, masked } = this.#whole;
    const results = [];
    for (const [row, slot] of masked.entries()) {
      const top = topScores(result, row, this.#top);
      const tokens = [this.#ids[slot - 2] ?? 0, this.#ids[slot - 1] ?? 0] as const;
      const said =
        this.#chain === undefined || slot === start
          ? top
          : await chainedScores(this.#chain, top, { hidden: hiddenOf(result, row), tokens, inverse: 1 });
      results.push(this.#resultOf(slot, said, result, row));
    }
    return results;
  }

  /** A token that is not among the best has the logit of the pass. */
  #resultOf(slot: number, { values, tokens, logSumExp }: TopScores, { logits }: PassResult, row: number) {
    const token = this.#ids[slot] ?? 0;
    const score = logits?.[row * this.#config.architecture.vocabSize + token] ?? Number.NaN;
    const at = Array.from(tokens).indexOf(token);
    return {
      slot,
      right: tokens[0] === token,
      logLikelihood: (at < 0 ? score : (values[at] ?? Number.NaN)) - logSumExp,
      certainty: Math.exp((values[0] ?? Number.NaN) - logSumExp),
    };
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
