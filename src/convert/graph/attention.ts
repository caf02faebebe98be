import { absent, type Value } from "../onnx/graph-builder.ts";
import { vector, type GraphContext } from "./context.ts";
import { linear } from "./linear.ts";

/** Cosines and sines of the rows' positions, [n, headDim / 2]. */
export interface Angles {
  readonly cos: Value;
  readonly sin: Value;
}

/** What the layers of a pass share. */
export interface PassInputs extends Angles {
  /** the additive mask, once a query head of a group: [heads / kvHeads * queries, p + n] */
  readonly mask: Value;
  /** [p, n] as int64: where the scores of the cache end and those of the rows begin */
  readonly split: Value;
  /** the rows that query, if not all n do: their numbers, [queries] */
  readonly asked?: Value;
}

/** Keys and values of a layer, [tokens, kvHeads, headDim]. */
export interface KeysValues {
  readonly keys: Value;
  readonly values: Value;
}

/** Angles of the rotary embedding: positions [n] -> cosines and sines [n, headDim / 2]. */
export function rotaryAngles(c: GraphContext, positions: Value): Angles {
  const { graph, architecture } = c;
  const { headDim, ropeTheta } = architecture;
  const half = headDim / 2;
  const frequencies = Array.from(
    { length: half },
    (_, i) => 1 / Math.fround(ropeTheta ** Math.fround(i / half)),
  );
  const column = graph.node("Unsqueeze", [
    graph.cast(positions, "float32"),
    graph.constant("int64", [1], [1]),
  ]);
  const angles = graph.node("Mul", [column, graph.constant("float32", [1, half], frequencies)]);
  return { cos: graph.node("Cos", [angles]), sin: graph.node("Sin", [angles]) };
}

/** The mask [n, p + n] below itself once for each query head that shares a key head. */
export function maskOfGroups(c: GraphContext, mask: Value): Value {
  const { heads, kvHeads } = c.architecture;
  const repeats = c.graph.constant("int64", [2], [heads / kvHeads, 1]);
  return c.graph.node("Tile", [mask, repeats]);
}

/** Sizes of cache and rows for `PassInputs.split`. */
export function splitSizes(c: GraphContext, past: Value, ids: Value): Value {
  const { graph } = c;
  const tokens = graph.node("Shape", [past], { start: 0, end: 1 });
  return graph.node("Concat", [tokens, graph.node("Shape", [ids])], { axis: 0 });
}

/**
 * Attention of a layer: x [n, hidden], normalised, -> [queries, hidden], and the keys and values of all n rows. A row
 * sees what the mask lets it see, of the cache and of the rows.
 */
export function attention(c: GraphContext, prefix: string, x: Value, past: KeysValues, pass: PassInputs) {
  const { kvHeads, headDim } = c.architecture;
  const { query, fresh } = project(c, prefix, x, pass, [-1, kvHeads, headDim]);
  const asking = pass.asked === undefined ? query : c.graph.node("Gather", [query, pass.asked], { axis: 1 });
  const rows = ungroup(c, attend(c, asking, past, fresh, pass));
  return { out: projectOut(c, prefix, rows), fresh };
}

/** What the heads found, [queries, heads * headDim], -> [queries, hidden]. */
export function projectOut(c: GraphContext, prefix: string, rows: Value): Value {
  const { heads, headDim, hiddenSize } = c.architecture;
  const source = { name: `${prefix}.o_proj.weight`, rows: hiddenSize };
  return linear(c, rows, `${prefix}.o_proj`, [source], heads * headDim);
}

/**
 * Queries [1, n, heads * headDim], keys and values of the rows: keys and queries after norm and rotation.
 * @param shape of keys and values
 */
export function project(
  c: GraphContext,
  prefix: string,
  x: Value,
  angles: Angles,
  shape: readonly number[],
): { query: Value; fresh: KeysValues } {
  const { heads, kvHeads, headDim, hiddenSize } = c.architecture;
  const widths = [heads * headDim, kvHeads * headDim, kvHeads * headDim];
  const sources = ["q", "k", "v"].map((letter, at) => ({
    name: `${prefix}.${letter}_proj.weight`,
    rows: widths[at] ?? 0,
  }));
  const together = linear(c, x, `${prefix}.qkv_proj`, sources, hiddenSize);
  const sizes = c.graph.constant("int64", [3], widths);
  const [q = absent, k = absent, v = absent] = c.graph.nodes("Split", [together, sizes], 3, { axis: 1 });
  const query = rotate(c, normaliseHeads(c, q, `${prefix}.q_norm.weight`, heads), heads, angles);
  const keys = rotate(c, normaliseHeads(c, k, `${prefix}.k_norm.weight`, kvHeads), kvHeads, angles);
  const to = c.graph.constant("int64", [shape.length], shape);
  return {
    query,
    fresh: { keys: c.graph.node("Reshape", [keys, to]), values: c.graph.node("Reshape", [v, to]) },
  };
}

/** RMS norm of each head (Qwen3); models without it pass through. */
function normaliseHeads(c: GraphContext, x: Value, name: string, heads: number): Value {
  const { qkNorm, headDim, normEps } = c.architecture;
  if (!qkNorm) return x;
  const apart = c.graph.node("Reshape", [x, c.graph.constant("int64", [3], [-1, heads, headDim])]);
  const inputs = [apart, vector(c, name, headDim)];
  return c.graph.node("SimplifiedLayerNormalization", inputs, { axis: -1, epsilon: { float: normEps } });
}

/** Rotary position embedding: [n, heads, headDim] or [n, heads * headDim] -> [1, n, heads * headDim]. */
function rotate(c: GraphContext, x: Value, heads: number, { cos, sin }: Angles): Value {
  const { graph, architecture } = c;
  const batch = graph.node("Reshape", [
    x,
    graph.constant("int64", [3], [1, -1, heads * architecture.headDim]),
  ]);
  // Row i of the table belongs to row i of the pass, whatever its position: hence "positions" from 0.
  const inputs = [batch, graph.constant("int64", [1], [0]), cos, sin];
  return graph.node("com.microsoft.RotaryEmbedding", inputs, {});
}

/**
 * The two-segment composition: scores against the cache and against the rows apart, one softmax over both, then the
 * values of each. The cache is read where it lies, token by token, and never copied.
 */
function attend(c: GraphContext, query: Value, past: KeysValues, fresh: KeysValues, pass: PassInputs): Value {
  const { graph } = c;
  const grouped = group(c, query);
  const both = [scores(c, grouped, past.keys), scores(c, grouped, fresh.keys)];
  const all = graph.node("Add", [graph.node("Concat", both, { axis: -1 }), pass.mask]);
  const weights = graph.node("Softmax", [all], { axis: -1 });
  const [ofPast = absent, ofRows = absent] = graph.nodes("Split", [weights, pass.split], 2, { axis: -1 });
  return graph.node("Add", [mix(c, ofPast, past.values), mix(c, ofRows, fresh.values)]);
}

/** [kvHeads, heads / kvHeads * n, headDim] x [t, kvHeads, headDim] -> scaled scores [kvHeads, .., t]. */
function scores(c: GraphContext, query: Value, keys: Value): Value {
  const alpha = { float: 1 / Math.sqrt(c.architecture.headDim) };
  return c.graph.node("com.microsoft.FusedMatMul", [query, keys], { transB: 1, transBatchB: 1, alpha });
}

/** [kvHeads, .., t] x [t, kvHeads, headDim] -> [kvHeads, .., headDim]. */
function mix(c: GraphContext, weights: Value, values: Value): Value {
  return c.graph.node("com.microsoft.FusedMatMul", [weights, values], { transBatchB: 1 });
}

/** Query rows by the key head that they use: [1, n, heads * headDim] -> [kvHeads, heads / kvHeads * n, headDim]. */
function group(c: GraphContext, query: Value): Value {
  const { graph, architecture } = c;
  const { heads, kvHeads, headDim } = architecture;
  const apart = graph.node("Reshape", [query, graph.constant("int64", [3], [-1, heads, headDim])]);
  const byHead = graph.node("Transpose", [apart], { perm: [1, 0, 2] });
  return graph.node("Reshape", [byHead, graph.constant("int64", [3], [kvHeads, -1, headDim])]);
}

/** Back to a row a row: [kvHeads, heads / kvHeads * n, headDim] -> [n, heads * headDim]. */
function ungroup(c: GraphContext, mixed: Value): Value {
  const { graph, architecture } = c;
  const { heads, headDim } = architecture;
  const byHead = graph.node("Reshape", [mixed, graph.constant("int64", [3], [heads, -1, headDim])]);
  const byRow = graph.node("Transpose", [byHead], { perm: [1, 0, 2] });
  return graph.node("Reshape", [byRow, graph.constant("int64", [2], [-1, heads * headDim])]);
}
