import { absent, type Value } from "../onnx/graph-builder.ts";
import type { StoredWeight } from "../weights/plan.ts";
import type { GraphContext } from "./context.ts";
import { multiply, planTable } from "./linear.ts";

/** The vocabulary matrix: the checkpoint's own, or the embedding table if they are tied. */
export function planHead(c: GraphContext, table: StoredWeight): StoredWeight {
  return c.architecture.tiedEmbeddings ? table : planTable(c, "lm_head.weight");
}

/**
 * Logits of the asked rows and what is read from them, so that a vocabulary of numbers a row need not leave the
 * graph: x [m, hidden], normalised, -> the graph's outputs.
 */
export function head(
  c: GraphContext,
  matrix: StoredWeight,
  x: Value,
  inverseTemperature: Value,
  topTokens: number,
) {
  const { graph } = c;
  // Scaling the hidden rows scales their logits, and they are a hundred times fewer.
  const tempered = graph.node("Mul", [x, inverseTemperature]);
  const logits = multiply(c, tempered, "lm_head", matrix, "logits");
  const k = graph.constant("int64", [1], [topTokens]);
  graph.namedNodes("TopK", [logits, k], ["top_values", "top_indices.int64"], { axis: 1 });
  graph.node("Cast", ["top_indices.int64"], { to: 6 }, "top_indices");
  const probabilities = graph.node("Softmax", [logits], { axis: -1 });
  logSumExp(c, probabilities);
  entropy(c, probabilities, logits);
}

/** The largest logit, less the logarithm of its probability. */
function logSumExp(c: GraphContext, probabilities: Value): void {
  const { graph } = c;
  const first = ["top_indices.int64", "top_values"].map((name) =>
    graph.node("Slice", [name, ...[0, 1, 1].map((at) => graph.constant("int64", [1], [at]))]),
  );
  const [index = absent, largest = absent] = first;
  const probability = graph.node("GatherElements", [probabilities, index], { axis: 1 });
  const difference = graph.node("Sub", [largest, graph.node("Log", [probability])]);
  graph.node("Squeeze", [difference, graph.constant("int64", [1], [1])], {}, "log_sum_exp");
}

/** log-sum-exp less the mean logit: -sum(p * log p) without a logarithm a token. */
function entropy(c: GraphContext, probabilities: Value, logits: Value): void {
  const { graph } = c;
  const products = graph.node("Mul", [probabilities, logits]);
  const mean = graph.node("ReduceSum", [products, graph.constant("int64", [1], [1])], { keepdims: 0 });
  graph.node("Sub", ["log_sum_exp", mean], {}, "entropy");
}
