export { rateText } from "../../chat/index.ts";
import type { DecodingSettings, Strategy } from "../../engine/index.ts";
import type { Glyphs } from "./glyphs.ts";

const names: Record<Strategy, string> = {
  sequential: "sequential",
  low_confidence_static: "static",
  low_confidence_dynamic: "dynamic",
  entropy_bounded: "entropy",
  self_speculative: "self-spec",
};

/** A strategy in a word, for the status row. */
export function strategyName(strategy: Strategy): string {
  return names[strategy];
}

/** The number that decides how many positions a step unmasks, where the strategy has one. */
export function boundText(settings: DecodingSettings, glyphs: Glyphs): string {
  const { strategy, threshold, entropyBudget, draftThreshold } = settings;
  if (strategy === "low_confidence_dynamic") return `${glyphs.atLeast}${threshold.toFixed(2)}`;
  if (strategy === "self_speculative") return `${glyphs.atLeast}${draftThreshold.toFixed(2)}`;
  return strategy === "entropy_bounded" ? `${glyphs.atMost}${entropyBudget.toFixed(2)}` : "";
}

/** A value, and the one that it is about to become: "B8→16". What both begin with, and is no number, is said once. */
export function pendingText(inForce: string, wanted: string, glyphs: Glyphs): string {
  if (inForce === wanted) return inForce;
  const [sign = ""] = /^[^\d]*/.exec(inForce) ?? [];
  const rest = sign.length < inForce.length && wanted.startsWith(sign) ? wanted.slice(sign.length) : wanted;
  return `${inForce}${glyphs.arrow}${rest}`;
}
