import type { ModelConfig } from "../../model/index.ts";
import type { Value } from "../onnx/graph-builder.ts";
import { asComputed, type GraphContext } from "./context.ts";

/** What is fed of each row: its token, and in the form with carry-over masks whether it is a mask at that token's place. */
export interface FedRows {
  readonly ids: Value;
  readonly carry?: Value | undefined;
}

/**
 * Which neurons of an MLP each row has, [n, intermediateSize]: all of them, but the last `maskNeurons` for masks alone. So tokens,
 * and with them the text of one token at a time, are computed as if these were not there.
 * @returns undefined for a model whose neurons serve all rows
 */
export function neuronsOfRows(
  c: GraphContext,
  { maskTokenId, architecture }: Pick<ModelConfig, "maskTokenId" | "architecture">,
  { ids, carry }: FedRows,
): Value | undefined {
  const { intermediateSize, maskNeurons } = architecture;
  if (maskNeurons === undefined) return undefined;
  const { graph } = c;
  // As floats, which hold every id below 2^24: the devices' ids are of different types.
  const mask = graph.constant("float32", [1], [maskTokenId]);
  const isMask = graph.cast(graph.node("Equal", [graph.cast(ids, "float32"), mask]), "float32");
  const masks = carry === undefined ? isMask : graph.node("Add", [isMask, carry]);
  const column = graph.node("Unsqueeze", [masks, graph.constant("int64", [1], [1])]);
  const row = (has: (neuron: number) => boolean) =>
    graph.constant(
      "float32",
      [1, intermediateSize],
      Array.from({ length: intermediateSize }, (_, neuron) => Number(has(neuron))),
    );
  const shared = intermediateSize - maskNeurons;
  const ofMasks = graph.node("Mul", [column, row((neuron) => neuron >= shared)]);
  return asComputed(c, graph.node("Add", [ofMasks, row((neuron) => neuron < shared)]));
}
