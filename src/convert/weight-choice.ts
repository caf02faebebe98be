import { UserError } from "../errors.ts";
import { defaultBlockSizes } from "../model/index.ts";
import type { WeightKind } from "./weights/plan.ts";

/** How weights shall be stored; without a block size, the kind's own. */
export type WeightChoice =
  | { readonly kind: "f32" }
  | { readonly kind: "q8" | "q4"; readonly blockSize?: number | undefined };

/** What MatMulNBits computes with. */
const possibleBlockSizes = [16, 32, 64, 128, 256];

/** Models are called by their rounded size: the "4B" ones have a few millions more. */
const mostBillionsAt8Bits = 4;

/** 8 bits up to four billion parameters: small models lose too much at 4. */
export function defaultKind(parameters: number): "q8" | "q4" {
  return Math.round(parameters / 1e9) <= mostBillionsAt8Bits ? "q8" : "q4";
}

/** @throws UserError usage for a block size that can't be computed with */
export function weightKind(choice: WeightChoice): WeightKind {
  if (choice.kind === "f32") return { kind: "f32" };
  const blockSize = choice.blockSize ?? defaultBlockSizes[choice.kind];
  if (!possibleBlockSizes.includes(blockSize)) {
    throw new UserError(
      "usage",
      `Weights can't share a scale in blocks of ${blockSize}: choose ${possibleBlockSizes.join(", ")}.`,
    );
  }
  return { kind: choice.kind, blockSize };
}
