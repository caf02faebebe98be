import type { Value } from "../onnx/graph-builder.ts";
import { fittingBlockSize, type Source, type StoredWeight } from "../weights/plan.ts";
import { storedData, storedScales, type GraphContext } from "./context.ts";

/** Plans a matrix [rows of all sources, columns] in the folder's kind of weights. */
export function planMatrix(c: GraphContext, sources: readonly Source[], columns: number): StoredWeight {
  if (c.weights.kind === "f32") return c.plan.floats(sources, columns);
  const blockSize = fittingBlockSize(columns, c.weights.blockSize);
  if (blockSize === undefined) return c.plan.floats(sources, columns);
  return c.plan.blocks(c.weights.kind === "q8" ? 8 : 4, blockSize, sources, columns);
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
  const { bits, blockSize } = stored;
  const shape = [rows, columns / blockSize, (blockSize * bits) / 8];
  const inputs = [x, storedData(c, name, stored, shape), storedScales(c, `${name}.scales`, stored)];
  // Accuracy level 4: activations are rounded to 8 bits, a scale a block of a row. On a CPU the others are far slower.
  const attributes = { K: columns, N: rows, bits, block_size: blockSize, accuracy_level: 4 };
  return c.graph.node("com.microsoft.MatMulNBits", inputs, attributes, output);
}

/** The same for matrices of the checkpoint that take the same x: their rows follow each other in the result. */
export function linear(c: GraphContext, x: Value, name: string, sources: readonly Source[], columns: number) {
  return multiply(c, x, name, planMatrix(c, sources, columns));
}
