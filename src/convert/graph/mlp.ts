import { absent, type Value } from "../onnx/graph-builder.ts";
import type { GraphContext } from "./context.ts";
import { linear } from "./linear.ts";

/**
 * down(silu(gate(x)) * up(x)): [n, hidden] -> [n, hidden].
 * @param neurons which of them each row has, [n, intermediateSize], if not all (mask-neurons.ts)
 */
export function mlp(c: GraphContext, prefix: string, x: Value, neurons: Value | undefined): Value {
  const { hiddenSize, intermediateSize } = c.architecture;
  const sources = ["gate", "up"].map((name) => ({
    name: `${prefix}.${name}_proj.weight`,
    rows: intermediateSize,
  }));
  const together = linear(c, x, `${prefix}.gate_up_proj`, sources, hiddenSize);
  const gated = gate(c, together, neurons);
  const source = { name: `${prefix}.down_proj.weight`, rows: hiddenSize };
  return linear(c, gated, `${prefix}.down_proj`, [source], intermediateSize);
}

/** silu of the first half of each row times its second half: [n, 2 * neurons] -> [n, neurons]. */
export function gate(c: GraphContext, together: Value, neurons?: Value): Value {
  const [closed = absent, up = absent] = c.graph.nodes("Split", [together], 2, { axis: 1, num_outputs: 2 });
  // With alpha 1 QuickGelu is x * sigmoid(x): SiLU in one node.
  const opened = c.graph.node("com.microsoft.QuickGelu", [closed], { alpha: { float: 1 } });
  // Before the product: what a token's row would have is never trained on, and might overflow 16 bits.
  const had = neurons === undefined ? up : c.graph.node("Mul", [up, neurons]);
  return c.graph.node("Mul", [opened, had]);
}
