import type { ModelConfig } from "../../../model/index.ts";
import type { Value } from "../../onnx/graph-builder.ts";
import type { StoredWeight } from "../../weights/plan.ts";
import type { GraphContext } from "../context.ts";
import { multiply } from "../linear.ts";
import { mostProbable } from "./most-probable.ts";

/**
 * Logits of the asked rows and what is read from them, as one output, so that a pass is read back in one piece:
 * x [m, hidden], normalised, -> readings [m, 2 * topTokens + 2]: the largest scores, descending, their tokens,
 * log-sum-exp and entropy; all float32, which is exact for token ids below 2^24. Of a model that chains its guesses x itself
 * is behind them.
 */
export function deviceHead(
  c: GraphContext,
  matrix: StoredWeight,
  x: Value,
  inverseTemperature: Value,
  topTokens: number,
): void {
  const { graph } = c;
  const tempered = graph.node("Mul", [x, inverseTemperature]);
  const logits = multiply(c, tempered, "lm_head", matrix, "logits");
  const top = mostProbable(graph, logits, c.architecture.vocabSize, topTokens);
  const { logSumExp, entropy } = spread(c, logits, top.values);
  const hidden = c.architecture.chainWidth === undefined ? [] : [x];
  graph.node("Concat", [top.values, top.tokens, logSumExp, entropy, ...hidden], { axis: 1 }, "readings");
}

/** Numbers of a row of `readings`. */
export function widthOfReadings({
  topTokens,
  architecture: { chainWidth, hiddenSize },
}: Pick<ModelConfig, "topTokens" | "architecture">): number {
  return 2 * topTokens + 2 + (chainWidth === undefined ? 0 : hiddenSize);
}

/** log-sum-exp, and entropy as log-sum-exp less the mean logit; both [m, 1]. */
function spread(c: GraphContext, logits: Value, values: Value): { logSumExp: Value; entropy: Value } {
  const { graph } = c;
  const ints = (value: number) => graph.constant("int64", [1], [value]);
  const largest = graph.node("Slice", [values, ints(0), ints(1), ints(1)]);
  const below = graph.node("Sub", [logits, largest]);
  const weights = graph.node("Exp", [below]);
  const sum = graph.node("ReduceSum", [weights, ints(1)], { keepdims: 1 });
  const products = graph.node("Mul", [weights, below]);
  const weighted = graph.node("ReduceSum", [products, ints(1)], { keepdims: 1 });
  const logarithm = graph.node("Log", [sum]);
  const mean = graph.node("Div", [weighted, sum]);
  return {
    logSumExp: graph.node("Add", [largest, logarithm]),
    entropy: graph.node("Sub", [logarithm, mean]),
  };
}
