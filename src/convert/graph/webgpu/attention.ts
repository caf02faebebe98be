import { absent, type Value } from "../../onnx/graph-builder.ts";
import { project, projectOut, type Angles, type KeysValues } from "../attention.ts";
import { asComputed, type GraphContext } from "../context.ts";

/** What the layers of a pass share. */
export interface DevicePass extends Angles {
  /** where the rows' keys and values go: int32 [n * kvHeads, headDim], rows of the cache as a matrix */
  readonly places: Value;
  /** the additive mask, [1, 1, queries, t] */
  readonly bias: Value;
  /** int32 [1]: t - 1 */
  readonly lastKey: Value;
  /** int32 [1], in the processor's memory: t */
  readonly keyCount: Value;
  /** the rows that query, if not all n do: their numbers, [queries] */
  readonly asked?: Value;
}

/**
 * Attention of a layer with the cache in place: the rows' keys and values are written into it, and then queries look
 * at the cache alone. x [n, hidden], normalised, -> [queries, hidden].
 *
 * ONNX Runtime's GroupQueryAttention is causal on WebGPU and cannot be told otherwise. Without keys of its own, and with
 * t = p + n + (n - 1) cached tokens named, its query i sees the first t - n + 1 + i of them, that is all p + n; the mask
 * hides the rest.
 */
export function deviceAttention(
  c: GraphContext,
  prefix: string,
  x: Value,
  cache: KeysValues,
  updated: KeysValues,
  pass: DevicePass,
): Value {
  const { graph, architecture } = c;
  const { heads, kvHeads, headDim } = architecture;
  const { query, fresh } = project(c, prefix, x, pass, [-1, headDim]);
  const asking = pass.asked === undefined ? query : graph.node("Gather", [query, pass.asked], { axis: 1 });
  const write = (part: keyof KeysValues) => {
    const rows = [cache[part], pass.places, fresh[part]];
    graph.namedNodes("ScatterElements", rows, [updated[part]], { axis: 0 });
    return graph.node("Reshape", [updated[part], graph.constant("int64", [4], [1, kvHeads, -1, headDim])]);
  };
  const none = asComputed(c, graph.constant("float32", [1, 0, kvHeads * headDim], []));
  const inputs = [asking, none, none, write("keys"), write("values"), pass.lastKey, pass.keyCount];
  const [found = absent] = graph.nodes(
    "com.microsoft.GroupQueryAttention",
    [...inputs, absent, absent, absent, pass.bias],
    1,
    { num_heads: heads, kv_num_heads: kvHeads },
  );
  const rows = graph.node("Reshape", [found, graph.constant("int64", [2], [-1, heads * headDim])]);
  return projectOut(c, prefix, rows);
}
