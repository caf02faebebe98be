import type { ModelConfig } from "../../model/index.ts";
import { absent, GraphBuilder, type Value } from "../onnx/graph-builder.ts";
import { WeightPlan } from "../weights/plan.ts";
import {
  attention,
  maskOfGroups,
  rotaryAngles,
  splitSizes,
  type KeysValues,
  type PassInputs,
} from "./attention.ts";
import { vector, type GraphContext } from "./context.ts";
import { addCarry, embed, planEmbedding } from "./embedding.ts";
import { head, planHead } from "./head.ts";
import { mlp } from "./mlp.ts";

/** A graph and where the weights that it names will lie. */
export interface PlannedModel {
  readonly graph: Uint8Array;
  readonly plan: WeightPlan;
}

/**
 * The graph of one pass: n rows on top of p cached tokens, logits for m of the rows. Its inputs and outputs are the
 * model folder's contract; docs/architecture.md lists them.
 */
export function buildModel(config: ModelConfig): PlannedModel {
  const c: GraphContext = {
    graph: new GraphBuilder(),
    plan: new WeightPlan(),
    architecture: config.architecture,
    weights: config.weights,
  };
  const inputs = declareInputs(c);
  const table = planEmbedding(c);
  const x = c.graph.within("embedding", () => embeddings(c, config, table, inputs));
  const pass = c.graph.within("pass", () => passInputs(c, inputs));
  const { residual, caches } = layers(c, x, pass, inputs.past);
  c.graph.within("head", () => finish(c, config, table, residual, inputs));
  stackCaches(c, caches);
  declareOutputs(c, config.topTokens);
  return { graph: c.graph.encode(config.name), plan: c.plan };
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

function embeddings(
  c: GraphContext,
  config: ModelConfig,
  table: ReturnType<typeof planEmbedding>,
  inputs: Inputs,
) {
  const x = embed(c, table, inputs.ids);
  if (config.maskCarryTokenId === undefined) return x;
  return addCarry(c, table, x, c.graph.input("carry", "float32", ["n"]), config.maskCarryTokenId);
}

function passInputs(c: GraphContext, { positions, mask, past, ids }: Inputs): PassInputs {
  return {
    ...rotaryAngles(c, positions),
    mask: maskOfGroups(c, mask),
    split: splitSizes(c, past[0]?.keys ?? "", ids),
  };
}

/** All layers: the sum of the residual stream, and each layer's new keys and values. */
function layers(c: GraphContext, embedded: Value, pass: PassInputs, past: readonly KeysValues[]) {
  let residual = embedded;
  let update: Value | undefined;
  const caches: KeysValues[] = [];
  for (const [layer, cached] of past.entries()) {
    const prefix = `model.layers.${layer}`;
    c.graph.within(`layer.${layer}`, () => {
      const first = addAndNormalise(c, residual, update, `${prefix}.input_layernorm.weight`);
      const { out, fresh } = attention(c, `${prefix}.self_attn`, first.normalised, pass, cached);
      const second = addAndNormalise(c, first.sum, out, `${prefix}.post_attention_layernorm.weight`);
      caches.push(fresh);
      residual = second.sum;
      update = mlp(c, `${prefix}.mlp`, second.normalised);
    });
  }
  return { residual: c.graph.node("Add", [residual, update ?? residual]), caches };
}

/** Adds an update to the residual stream and takes the RMS norm of the sum, in one node. */
function addAndNormalise(c: GraphContext, residual: Value, update: Value | undefined, name: string) {
  const { hiddenSize, normEps } = c.architecture;
  const epsilon = { float: normEps };
  const weight = vector(c, name, hiddenSize);
  if (update === undefined) {
    const normalised = c.graph.node("SimplifiedLayerNormalization", [residual, weight], {
      axis: -1,
      epsilon,
    });
    return { sum: residual, normalised };
  }
  const [normalised, sum] = [c.graph.name("normalised"), c.graph.name("sum")];
  // The second and third output are mean and deviation, which only training wants.
  const outputs = [normalised, absent, absent, sum];
  const inputs = [residual, update, weight];
  c.graph.namedNodes("com.microsoft.SkipSimplifiedLayerNormalization", inputs, outputs, { epsilon });
  return { sum, normalised };
}

function finish(
  c: GraphContext,
  config: ModelConfig,
  table: ReturnType<typeof planEmbedding>,
  x: Value,
  inputs: Inputs,
) {
  const asked = c.graph.node("Gather", [x, inputs.headRows]);
  const { normalised } = addAndNormalise(c, asked, undefined, "model.norm.weight");
  head(c, planHead(c, table), normalised, inputs.inverseTemperature, config.topTokens);
}

/** One output for the keys of all layers and one for the values: [layers, n, kvHeads, headDim]. */
function stackCaches(c: GraphContext, caches: readonly KeysValues[]): void {
  const { graph } = c;
  const axis = graph.constant("int64", [1], [0]);
  const stack = (values: readonly Value[], output: string) => {
    const apart = values.map((value) => graph.node("Unsqueeze", [value, axis]));
    graph.node("Concat", apart, { axis: 0 }, output);
  };
  stack(
    caches.map(({ keys }) => keys),
    "new_keys",
  );
  stack(
    caches.map(({ values }) => values),
    "new_values",
  );
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
