import type { ModelConfig } from "../../model/index.ts";
import type { Value } from "../onnx/graph-builder.ts";
import type { WeightPlan } from "../weights/plan.ts";
import { attention, maskOfGroups, rotaryAngles, splitSizes, type KeysValues } from "./attention.ts";
import { newContext, type GraphContext } from "./context.ts";
import { planChain, type ChainWeights } from "./chain.ts";
import { embeddings, fedRows, planEmbedding } from "./embedding.ts";
import { head, planHead } from "./head.ts";
import { layers } from "./layers.ts";
import { neuronsOfRows } from "./mask-neurons.ts";

/** A graph and where the weights that it names will lie. */
export interface PlannedModel {
  readonly graph: Uint8Array;
  readonly plan: WeightPlan;
  /** of a model that chains its guesses */
  readonly chain: ChainWeights | undefined;
}

/**
 * The graph of one pass: n rows on top of p cached tokens, logits for m of the rows. Its inputs and outputs are the
 * model folder's contract; docs/architecture.md lists them.
 */
export function buildModel(config: ModelConfig): PlannedModel {
  const c = newContext(config, "cpu");
  const inputs = declareInputs(c);
  const table = planEmbedding(c);
  const fed = fedRows(c, config, inputs.ids);
  const x = c.graph.within("embedding", () => embeddings(c, config, table, fed));
  const { pass, last } = c.graph.within("pass", () => passInputs(c, inputs));
  const neurons = c.graph.within("pass", () => neuronsOfRows(c, config, fed));
  const fresh: KeysValues[] = [];
  const normalised = layers(c, { x, asked: inputs.headRows, neurons }, (index, prefix, row) => {
    const { past } = inputs;
    const cached = past[index] ?? { keys: "", values: "" };
    const result = attention(c, prefix, row, cached, index === past.length - 1 ? last : pass);
    fresh.push(result.fresh);
    return result.out;
  });
  const matrix = planHead(c, table);
  c.graph.within("head", () => head(c, matrix, normalised, inputs.inverseTemperature, config.topTokens));
  stackCaches(c, fresh);
  declareOutputs(c, config.topTokens);
  if (config.architecture.chainWidth !== undefined) giveHidden(c, normalised);
  const chain = planChain(c, { embedding: table, head: matrix });
  return { graph: c.graph.encode(config.name), plan: c.plan, chain };
}

type Inputs = ReturnType<typeof declareInputs>;

function declareInputs(c: GraphContext) {
  const { graph, architecture } = c;
  const { layers: count, kvHeads, headDim } = architecture;
  const cache = (name: string) => graph.input(name, "float32", ["p", kvHeads, headDim]);
  return {
    ids: graph.input("input_ids", "int64", ["n"]),
    positions: graph.input("position_ids", "int64", ["n"]),
    mask: graph.input("mask", "float32", ["n", "p + n"]),
    headRows: graph.input("head_rows", "int64", ["m"]),
    inverseTemperature: graph.input("inverse_temperature", "float32", [1]),
    past: Array.from({ length: count }, (_, layer) => ({
      keys: cache(`past_key.${layer}`),
      values: cache(`past_value.${layer}`),
    })),
  };
}

/** What the layers share, and what the last one has in its place: it answers only the rows that are asked for. */
function passInputs(c: GraphContext, { ids, positions, mask, headRows, past }: Inputs) {
  const angles = rotaryAngles(c, positions);
  const split = splitSizes(c, past[0]?.keys ?? "", ids);
  const askedMask = c.graph.node("Gather", [mask, headRows]);
  return {
    pass: { ...angles, split, mask: maskOfGroups(c, mask) },
    last: { ...angles, split, mask: maskOfGroups(c, askedMask), asked: headRows },
  };
}

/** One output for the keys of all layers and one for the values: [layers, n, kvHeads, headDim]. */
function stackCaches(c: GraphContext, fresh: readonly KeysValues[]): void {
  const { layers: count, kvHeads, headDim } = c.architecture;
  const shape = c.graph.constant("int64", [4], [count, -1, kvHeads, headDim]);
  const stack = (output: string, part: keyof KeysValues) => {
    const values = fresh.map((layer) => layer[part]);
    c.graph.node("Reshape", [c.graph.node("Concat", values, { axis: 0 }), shape], {}, output);
  };
  stack("new_keys", "keys");
  stack("new_values", "values");
}

/** The asked rows as the head gets them: what the graph that chains guesses begins with. */
function giveHidden(c: GraphContext, normalised: Value): void {
  c.graph.node("Identity", [normalised], {}, "hidden");
  c.graph.output("hidden", "float32", ["m", c.architecture.hiddenSize]);
}

function declareOutputs(c: GraphContext, topTokens: number): void {
  const { graph, architecture } = c;
  const { layers: count, kvHeads, headDim, vocabSize } = architecture;
  graph.output("top_values", "float32", ["m", topTokens]);
  graph.output("top_indices", "int32", ["m", topTokens]);
  graph.output("log_sum_exp", "float32", ["m"]);
  graph.output("entropy", "float32", ["m"]);
  graph.output("logits", "float32", ["m", vocabSize]);
  graph.output("new_keys", "float32", [count, "n", kvHeads, headDim]);
  graph.output("new_values", "float32", [count, "n", kvHeads, headDim]);
}
