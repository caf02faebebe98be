import type { ModelConfig } from "../../model/index.ts";
import type { Value } from "../onnx/graph-builder.ts";
import type { StoredWeight } from "../weights/plan.ts";
import { storedData, storedScales, type GraphContext } from "./context.ts";
import { planTable } from "./linear.ts";
import type { FedRows } from "./mask-neurons.ts";

const tableName = "model.embed_tokens.weight";

/** The embedding table; a tied head multiplies with the same bytes. */
export function planEmbedding(c: GraphContext): StoredWeight {
  return planTable(c, tableName);
}

/** Rows of the embedding table: ids [n] -> [n, hidden]. */
function embed(c: GraphContext, table: StoredWeight, ids: Value): Value {
  return rowsOfTable(c, tableName, table, ids);
}

/** Rows of a matrix of the vocabulary: ids [n] -> [n, hidden]. */
export function rowsOfTable(c: GraphContext, name: string, table: StoredWeight, ids: Value): Value {
  const { rows, columns } = table;
  if (table.bits === 32) {
    return c.graph.node("Gather", [storedData(c, name, table, [rows, columns]), ids]);
  }
  // A second initializer over the head's bytes, in the shape that this operator wants.
  const bytes = storedData(c, `${name}.rows`, table, [rows, (columns * table.bits) / 8]);
  const inputs = [bytes, ids, storedScales(c, `${name}.rows.scales`, table)];
  const attributes = { bits: table.bits, block_size: table.blockSize, gather_axis: 0, quantize_axis: 1 };
  return c.graph.node("com.microsoft.GatherBlockQuantized", inputs, attributes);
}

/** The ids [n], and the input `carry` [n] of the models that have it. */
export function fedRows(c: GraphContext, { maskCarryTokenId }: Carrying, ids: Value): FedRows {
  return maskCarryTokenId === undefined ? { ids } : { ids, carry: c.graph.input("carry", "float32", ["n"]) };
}

/** What enters the first layer, [n, hidden]. */
export function embeddings(
  c: GraphContext,
  { maskCarryTokenId }: Carrying,
  table: StoredWeight,
  { ids, carry }: FedRows,
): Value {
  const x = embed(c, table, ids);
  if (maskCarryTokenId === undefined || carry === undefined) return x;
  return addCarry(c, table, x, carry, maskCarryTokenId);
}

type Carrying = Pick<ModelConfig, "maskCarryTokenId">;

/** Adds the carry token's embedding to the rows whose `carry` [n] is 1. */
function addCarry(c: GraphContext, table: StoredWeight, x: Value, carry: Value, carryTokenId: number): Value {
  const { graph } = c;
  const carried = embed(c, table, graph.constant("int64", [1], [carryTokenId]));
  const column = graph.node("Unsqueeze", [carry, graph.constant("int64", [1], [1])]);
  return graph.node("Add", [x, graph.node("Mul", [column, carried])]);
}
