import type { Style } from "./row.ts";

/** How sure the model was of a token; bins on the probability of the token that was taken. */
export function doubtOf(confidence: number | undefined): Style {
  if (confidence === undefined || confidence >= 0.95) return "text";
  if (confidence >= 0.8) return "doubt1";
  if (confidence >= 0.6) return "doubt2";
  return confidence >= 0.4 ? "doubt3" : "doubt4";
}
