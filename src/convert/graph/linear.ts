import type { Value } from "../onnx/graph-builder.ts";
import { dividingBlockSize, fittingBlockSize, type Source, type StoredWeight } from "../weights/plan.ts";
import { storedData, storedScales, type GraphContext } from "./context.ts";

/** Plans a matrix [rows of all sources, columns] in the folder's kind of weights. */
export function planMatrix(c: GraphContext, sources: readonly Source[], columns: number): StoredWeight {
  const rows = sources.reduce((sum, source) => sum + source.rows, 0);
  return plan(c, sources, columns, (wanted) => fittingBlockSize(rows, columns, wanted));
}

/** The same for a matrix whose rows are also looked up one by one: its blocks divide them. */
export function planTable(c: GraphContext, source: Source, columns: number): StoredWeight {
  return plan(c, [source], columns, (wanted) => dividingBlockSize(columns, wanted));
}

function plan(
  c: GraphContext,
  sources: readonly Source[],
  columns: number,
  fit: (wanted: number) => number | undefined,
): StoredWeight {
  const blockSize = c.weights.kind === "f32" ? undefined : fit(c.weights.blockSize);
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
  const { bits, blockSize, blocksPerRow } = stored;
  const shape = [rows, blocksPerRow, (blockSize * bits) / 8];
  const inputs = [x, storedData(c, name, stored, shape), storedScales(c, `${name}.scales`, stored)];
  // Accuracy level 4: activations are rounded to 8 bits, a scale a block of a row. On a CPU the others are far slower.
  const attributes = { K: columns, N: rows, bits, block_size: blockSize, accuracy_level: 4 };
  return c.graph.node("com.microsoft.MatMulNBits", inputs, attributes, output);
}

/** The same for matrices of the checkpoint that take the same x: their rows follow each other in the result. */
export function linear(c: GraphContext, x: Value, name: string, sources: readonly Source[], columns: number) {
  return multiply(c, x, name, planMatrix(c, sources, columns));
}
