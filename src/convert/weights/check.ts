import { UserError } from "../../errors.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { sourceShape, type WeightPlan } from "./plan.ts";

/**
 * Compares the plan with the checkpoint before anything is written: each tensor is there, in its shape, and no layer
 * holds one that the graph would leave out.
 * @throws UserError model-invalid
 */
export function checkSources(plan: WeightPlan, checkpoint: Checkpoint): void {
  const used = new Set<string>();
  for (const stored of plan.stored) {
    for (const source of stored.sources) {
      checkpoint.tensor(source.name, sourceShape(stored, source));
      used.add(source.name);
    }
  }
  const leftOut = checkpoint.names().find((name) => mattersTo(name) && !used.has(name));
  if (leftOut === undefined) return;
  throw new UserError(
    "model-invalid",
    `${checkpoint.folder} holds the tensor ${leftOut}, which is no part of the layouts that convert knows: without it the model would answer wrongly, so the checkpoint is refused.`,
  );
}

/** Everything in a layer that is learnt; buffers such as rotary_emb.inv_freq are computed anyway. */
function mattersTo(name: string): boolean {
  return name.startsWith("model.layers.") && /\.(?:weight|bias)$/.test(name);
}
