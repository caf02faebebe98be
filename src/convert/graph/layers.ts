import { absent, type Value } from "../onnx/graph-builder.ts";
import { asComputed, asFloat32, exactly, vector, type GraphContext } from "./context.ts";
import { mlp } from "./mlp.ts";

/** The residual stream [rows, hidden], 32 bits: a sum, and what the last part adds to it, as the layers compute. */
interface Stream {
  readonly sum: Value;
  readonly update?: Value;
}

/** Attention of a layer: its number and x [n, hidden], normalised, -> [queries, hidden]. */
export type LayerAttention = (index: number, prefix: string, x: Value) => Value;

/** What all layers are given. */
export interface LayerInputs {
  /** [n, hidden], 32 bits */
  readonly x: Value;
  /** rows whose results are wanted, [m] */
  readonly asked: Value;
  /** see `neuronsOfRows` */
  readonly neurons: Value | undefined;
}

/**
 * All layers and the last norm: -> [m, hidden] for the asked rows, 32 bits. In the last layer only keys and
 * values are computed for rows that nobody asks for: its attention answers the asked ones alone.
 */
export function layers(
  c: GraphContext,
  { x, asked, neurons }: LayerInputs,
  attention: LayerAttention,
): Value {
  const count = c.architecture.layers;
  let stream: Stream = { sum: x };
  for (let index = 0; index < count; index++) {
    const of = index === count - 1 ? asked : undefined;
    stream = c.graph.within(`layer.${index}`, () =>
      layer(c, index, stream, { asked: of, neurons }, attention),
    );
  }
  return addAndNormalise(c, stream, "model.norm.weight").normalised;
}

function layer(
  c: GraphContext,
  index: number,
  stream: Stream,
  { asked, neurons }: { readonly asked: Value | undefined; readonly neurons: Value | undefined },
  attention: LayerAttention,
): Stream {
  const prefix = `model.layers.${index}`;
  const first = addAndNormalise(c, stream, `${prefix}.input_layernorm.weight`);
  const out = attention(index, `${prefix}.self_attn`, asComputed(c, first.normalised));
  const ofAsked = (rows: Value) => (asked === undefined ? rows : c.graph.node("Gather", [rows, asked]));
  const sum = ofAsked(first.sum);
  const middle = addAndNormalise(c, { sum, update: out }, `${prefix}.post_attention_layernorm.weight`);
  const has = neurons === undefined ? undefined : ofAsked(neurons);
  return { sum: middle.sum, update: mlp(c, `${prefix}.mlp`, asComputed(c, middle.normalised), has) };
}

/**
 * Adds the update to the residual stream and takes the RMS norm of the sum, in one node. The stream has 32 bits whatever
 * the layers compute in: some of its channels are large, and rounding those to 16 costs more than all else together.
 */
function addAndNormalise(c: GraphContext, { sum, update }: Stream, name: string) {
  const { hiddenSize, normEps } = c.architecture;
  const epsilon = { float: normEps };
  const weight = vector(exactly(c), name, hiddenSize);
  if (update === undefined) {
    const inputs = [sum, weight];
    return { sum, normalised: c.graph.node("SimplifiedLayerNormalization", inputs, { axis: -1, epsilon }) };
  }
  const [normalised, added] = [c.graph.name("normalised"), c.graph.name("sum")];
  // The second and third output are mean and deviation, which only training wants.
  const outputs = [normalised, absent, absent, added];
  const inputs = [sum, asFloat32(c, update), weight];
  c.graph.namedNodes("com.microsoft.SkipSimplifiedLayerNormalization", inputs, outputs, { epsilon });
  return { sum: added, normalised };
}
