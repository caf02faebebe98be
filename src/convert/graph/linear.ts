import type { Value } from "../onnx/graph-builder.ts";
import { defaultBlockSizes, dividingBlockSize } from "../../model/index.ts";
import type { Source, StoredWeight } from "../weights/plan.ts";
import { storedData, storedScales, type GraphContext } from "./context.ts";

/** Plans a layer's matrix [rows of all sources, columns] in the folder's kind of weights. */
export function planMatrix(c: GraphContext, sources: readonly Source[], columns: number): StoredWeight {
  if (c.weights.kind === "f32") return c.plan.floats(sources, columns);
  const blockSize = dividingBlockSize(columns, c.weights.blockSize);
  if (blockSize === undefined) return c.plan.floats(sources, columns);
  return c.plan.blocks(c.weights.kind === "q8" ? 8 : 4, blockSize, sources, columns);
}

/**
 * Plans a matrix of the vocabulary. It keeps 8 bits where the layers have 4: that takes a quarter off what rounding
 * costs (docs/performance.md). Its blocks divide a row, so that rows can be looked up one by one.
 */
export function planTable(c: GraphContext, name: string): StoredWeight {
  const { vocabSize, hiddenSize } = c.architecture;
  const sources = [{ name, rows: vocabSize }];
  if (c.weights.kind === "f32") return c.plan.floats(sources, hiddenSize);
  const wanted = c.weights.kind === "q8" ? c.weights.blockSize : defaultBlockSizes.q8;
  const blockSize = dividingBlockSize(hiddenSize, wanted);
  if (blockSize === undefined) return c.plan.floats(sources, hiddenSize);
  return c.plan.blocks(8, blockSize, sources, hiddenSize);
}

/** x [n, columns] times the transposed matrix: [n, rows]. */
export function multiply(
  c: GraphContext,
  x: Value,
  name: string,
  stored: StoredWeight,
  output?: Value,
): Value {
  const { rows, columns } = stored;
  if (stored.bits === 32) {
    return c.graph.node("Gemm", [x, storedData(c, name, stored, [rows, columns])], { transB: 1 }, output);
  }
  const { bits, blockSize, blocksPerRow } = stored;
  const shape = [rows, blocksPerRow, (blockSize * bits) / 8];
  const inputs = [x, storedData(c, name, stored, shape), storedScales(c, `${name}.scales`, stored)];
  // Accuracy level 4: activations are rounded to 8 bits, a scale a block of a row. On a CPU the others are far slower;
  // a GPU's kernels keep them as floats.
  const accuracy = c.device === "cpu" ? { accuracy_level: 4 } : {};
  const attributes = { K: columns, N: rows, bits, block_size: blockSize, ...accuracy };
  return c.graph.node("com.microsoft.MatMulNBits", inputs, attributes, output);
}

/** The same for matrices of the checkpoint that take the same x: their rows follow each other in the result. */
export function linear(c: GraphContext, x: Value, name: string, sources: readonly Source[], columns: number) {
  return multiply(c, x, name, planMatrix(c, sources, columns));
}
