import { absent, type Value } from "../onnx/graph-builder.ts";
import { attention, type KeysValues, type PassInputs } from "./attention.ts";
import { vector, type GraphContext } from "./context.ts";
import { mlp } from "./mlp.ts";

/** The residual stream [rows, hidden]: a sum, and what the last part adds to it. */
interface Stream {
  readonly sum: Value;
  readonly update?: Value;
}

/**
 * All layers and the last norm: x [n, hidden] -> [m, hidden] for the rows that `last` asks for, and each layer's keys
 * and values of all n rows. In the last layer only keys and values are computed for rows that nobody asks for.
 */
export function layers(
  c: GraphContext,
  x: Value,
  past: readonly KeysValues[],
  pass: PassInputs,
  last: PassInputs,
) {
  let stream: Stream = { sum: x };
  const fresh: KeysValues[] = [];
  for (const [index, cached] of past.entries()) {
    const inputs = index === past.length - 1 ? last : pass;
    const result = c.graph.within(`layer.${index}`, () => layer(c, index, stream, cached, inputs));
    stream = result.stream;
    fresh.push(result.fresh);
  }
  return { normalised: addAndNormalise(c, stream, "model.norm.weight").normalised, fresh };
}

function layer(c: GraphContext, index: number, stream: Stream, past: KeysValues, pass: PassInputs) {
  const prefix = `model.layers.${index}`;
  const first = addAndNormalise(c, stream, `${prefix}.input_layernorm.weight`);
  const { out, fresh } = attention(c, `${prefix}.self_attn`, first.normalised, past, pass);
  const sum = pass.asked === undefined ? first.sum : c.graph.node("Gather", [first.sum, pass.asked]);
  const middle = addAndNormalise(c, { sum, update: out }, `${prefix}.post_attention_layernorm.weight`);
  const update = mlp(c, `${prefix}.mlp`, middle.normalised);
  return { stream: { sum: middle.sum, update }, fresh };
}

/** Adds the update to the residual stream and takes the RMS norm of the sum, in one node. */
function addAndNormalise(c: GraphContext, { sum, update }: Stream, name: string) {
  const { hiddenSize, normEps } = c.architecture;
  const epsilon = { float: normEps };
  const weight = vector(c, name, hiddenSize);
  if (update === undefined) {
    const inputs = [sum, weight];
    return { sum, normalised: c.graph.node("SimplifiedLayerNormalization", inputs, { axis: -1, epsilon }) };
  }
  const [normalised, added] = [c.graph.name("normalised"), c.graph.name("sum")];
  // The second and third output are mean and deviation, which only training wants.
  const outputs = [normalised, absent, absent, added];
  const inputs = [sum, update, weight];
  c.graph.namedNodes("com.microsoft.SkipSimplifiedLayerNormalization", inputs, outputs, { epsilon });
  return { sum: added, normalised };
}
