import { UserError } from "../../errors.ts";
import type { ModelConfig } from "../../model/index.ts";
import type { GenerateRequest } from "../engine.ts";
import { formOf, type Form } from "../rows/forms.ts";
import type { Chain } from "../graph/chain.ts";
import type { Graph } from "../graph/graph.ts";
import type { Vocabulary } from "./readings.ts";
import { Rows } from "../rows/rows.ts";
import type { PartitionedText, Sequence } from "../rows/sequence.ts";

/** What the engine decodes: the whole prompt and how it was cut. */
export type Prompt = Pick<GenerateRequest, "promptIds" | "borders" | "reuse">;

/** A loaded model with its cache, and what the cache holds. Outlives the generations that run on it. */
export class Session {
  readonly config: ModelConfig;
  readonly graph: Graph;
  /** of a model that chains its guesses */
  readonly chain: Chain | undefined;
  readonly form: Form;
  readonly vocabulary: Vocabulary;
  /** the rows of the pass that is being prepared */
  readonly rows = new Rows();
  #cached: PartitionedText = { ids: [], borders: [] };

  constructor(config: ModelConfig, graph: Graph, chain?: Chain, form = formOf(config)) {
    const { maskTokenId, maskCarryTokenId, topTokens, architecture } = config;
    this.config = config;
    this.graph = graph;
    this.chain = chain;
    this.form = form;
    this.vocabulary = {
      size: architecture.vocabSize,
      top: topTokens,
      banned: maskCarryTokenId === undefined ? [maskTokenId] : [maskTokenId, maskCarryTokenId],
    };
  }

  /** The longest block that a pass of the device has room for: without commits, the last known token is a row of it too. */
  get longestBlock(): number {
    return this.graph.mostRows - (this.form.commits ? 0 : 1);
  }

  /**
   * Cuts a prompt into blocks and drops from the cache what it can't use.
   * @throws UserError usage (no prompt, unknown ids), context-full
   */
  begin({ promptIds, borders = [], reuse = Infinity }: Prompt, blockLength: number): Sequence {
    this.#check(promptIds);
    const sequence = {
      ids: [...promptIds],
      borders: this.form.partition(promptIds.length, this.#fitting(borders), blockLength),
      masked: [],
    };
    this.graph.truncate(this.form.reusable(firstOf(this.#cached, reuse), sequence));
    this.remember(sequence);
    return sequence;
  }

  async close(): Promise<void> {
    try {
      await this.chain?.close();
    } finally {
      await this.graph.close();
    }
  }

  /** Notes what the cache holds now: the first tokens of `sequence`. To be called when a generation ends, however. */
  remember({ ids, borders }: Sequence): void {
    this.#cached = firstOf({ ids, borders }, this.graph.cached);
  }

  /** A session on the same graph, with an empty cache, in whose passes every mask has a row of its own. */
  withRowsApart(): Session {
    this.graph.truncate(0);
    this.#cached = { ids: [], borders: [] };
    return new Session(this.config, this.graph, this.chain, formOf(this.config, false));
  }

  /** Recorded borders up to a block that is too long for this device: from there on the text is cut like any prompt. */
  #fitting(borders: readonly number[]): readonly number[] {
    const tooLong = borders.findIndex((border, at) => border - (borders[at - 1] ?? 0) > this.longestBlock);
    return tooLong === -1 ? borders : borders.slice(0, tooLong);
  }

  #check(promptIds: readonly number[]): void {
    const { contextLength } = this.config;
    if (promptIds.length === 0) {
      throw new UserError("usage", "The prompt is empty: there is nothing to answer. Type a question.");
    }
    const unknown = promptIds.find((id) => !Number.isInteger(id) || id < 0 || id >= this.vocabulary.size);
    if (unknown !== undefined) {
      const last = this.vocabulary.size - 1;
      throw new UserError("usage", `${unknown} is no token of this model: its ids go from 0 to ${last}.`);
    }
    if (promptIds.length >= contextLength) {
      const [prompt, context] = [promptIds.length, contextLength].map((count) => count.toLocaleString("en"));
      throw new UserError(
        "context-full",
        `The conversation has ${prompt} tokens and the model's context holds ${context}, so there is no room for an answer. Start a new chat or shorten the prompt.`,
      );
    }
  }
}

function firstOf({ ids, borders }: PartitionedText, length: number): PartitionedText {
  return { ids: ids.slice(0, length), borders: borders.filter((border) => border <= length) };
}
