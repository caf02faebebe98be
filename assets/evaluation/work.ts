import { decodeOnce, likelihoodInOrder } from "../../src/bench/index.ts";
import { openChain, openEngine, openModelGraph, type Engine } from "../../src/engine/index.ts";
import { loadModelFolder, openTokenizer, type Tokenizer } from "../../src/model/index.ts";
import type { EvaluationData } from "./data.ts";
import { addScores, noScores, type MaskedScores } from "./masked-scores.ts";
import type { Scorer } from "./block-reader.ts";
import { scoreMasked } from "./masked.ts";
import { limits, type Decoded, type Part, type Role, type ScoredAnswers } from "./plan.ts";
import { promptsOf, textsOf } from "./prompts.ts";
import type { Reply, Results } from "./results.ts";
import type { Scored } from "./statistics.ts";

const options = { device: "cpu", threads: 0 } as const;

/** Does parts. One model is loaded at a time, as an engine or as a graph. */
export class Worker {
  readonly #data: EvaluationData;
  readonly #folders: ReadonlyMap<Role, string>;
  readonly #results: Results;
  readonly #tokenizer: Tokenizer;
  #engine: { folder: string; engine: Engine } | undefined;
  #graph: ({ readonly folder: string } & Scorer) | undefined;

  private constructor(
    data: EvaluationData,
    folders: ReadonlyMap<Role, string>,
    results: Results,
    tokenizer: Tokenizer,
  ) {
    this.#data = data;
    this.#folders = folders;
    this.#results = results;
    this.#tokenizer = tokenizer;
  }

  /** @throws UserError */
  static async open(
    data: EvaluationData,
    folders: ReadonlyMap<Role, string>,
    results: Results,
  ): Promise<Worker> {
    const tokenizer = await openTokenizer(await loadModelFolder(folderOf(folders, "original")));
    return new Worker(data, folders, results, tokenizer);
  }

  /** Does a part and keeps its result. */
  async do(part: Part): Promise<void> {
    if (part.type === "masked") await this.#results.write(part, await this.#masked(part));
    if (part.type === "decoded") await this.#results.write(part, await this.#decoded(part));
    if (part.type === "scored") await this.#results.write(part, await this.#scored(part));
  }

  async close(): Promise<void> {
    await this.#engine?.engine.close();
    await this.#graph?.chain?.close();
    await this.#graph?.graph.close();
    this.#engine = this.#graph = undefined;
  }

  async #masked({ role, tenth }: Part): Promise<MaskedScores> {
    const scorer = await this.#openGraph(role);
    const all = noScores();
    for (const text of textsOf(this.#data, tenth, this.#tokenizer, scorer.config)) {
      addScores(all, await scoreMasked(scorer, text));
    }
    return all;
  }

  async #decoded({ role, way, set, tenth }: Decoded): Promise<Reply[]> {
    const engine = await this.#openEngine(role);
    const replies: Reply[] = [];
    for (const prompt of promptsOf(this.#data, set, tenth, this.#tokenizer)) {
      const settings = { ...way.settings, maxTokens: limits[set], seed: replies.length };
      const { ids, reason, passes, drafts } = await decodeOnce(engine, prompt, settings);
      const text = this.#tokenizer.decode(ids);
      const { checked: draftsChecked, accepted: draftsAccepted } = drafts;
      replies.push({
        ids: [...ids],
        text,
        stopped: reason === "stop",
        passes,
        draftsChecked,
        draftsAccepted,
      });
    }
    return replies;
  }

  async #scored({ role, way, tenth }: ScoredAnswers): Promise<Scored[]> {
    const replies = this.#results.decoded({ type: "decoded", role, way, set: "conversations", tenth });
    const prompts = promptsOf(this.#data, "conversations", tenth, this.#tokenizer);
    const scores: Scored[] = [];
    for (const [index, prompt] of prompts.entries())
      scores.push(await this.#score(prompt, replies[index]?.ids ?? []));
    return scores;
  }

  readonly #known = new Map<string, Scored>();

  /** Many ways give the same text, which is scored once. */
  async #score(prompt: readonly number[], ids: readonly number[]): Promise<Scored> {
    const key = `${prompt.join(" ")}|${ids.join(" ")}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { graph, config } = await this.#openGraph("original");
    const { tokens, mean } = await likelihoodInOrder(graph, config, [...prompt, ...ids], prompt.length);
    const scored = { tokens, total: tokens * mean };
    this.#known.set(key, scored);
    return scored;
  }

  async #openEngine(role: Role): Promise<Engine> {
    const folder = folderOf(this.#folders, role);
    if (this.#engine?.folder !== folder) {
      await this.close();
      this.#engine = { folder, engine: await openEngine(folder, options) };
    }
    return this.#engine.engine;
  }

  async #openGraph(role: Role): Promise<Scorer> {
    const folder = folderOf(this.#folders, role);
    if (this.#graph?.folder !== folder) {
      await this.close();
      const { config, graph } = await openModelGraph(folder, options);
      this.#graph = { folder, config, graph, chain: await openChain(folder, config) };
    }
    return this.#graph;
  }
}

function folderOf(folders: ReadonlyMap<Role, string>, role: Role): string {
  const folder = folders.get(role);
  if (folder === undefined) throw new Error(`there is no model in the role of "${role}"`);
  return folder;
}
