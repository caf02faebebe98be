import type { DecodingSettings, Strategy } from "../../engine/index.ts";
import type { Glyphs } from "./glyphs.ts";

const names: Record<Strategy, string> = {
  sequential: "sequential",
  low_confidence_static: "static",
  low_confidence_dynamic: "dynamic",
  entropy_bounded: "entropy",
};

/** A strategy in a word, for the status row. */
export function strategyName(strategy: Strategy): string {
  return names[strategy];
}

/** The bound that decides how many positions a step unmasks, where the strategy has one. */
export function boundText(settings: DecodingSettings, glyphs: Glyphs): string {
  if (settings.strategy === "low_confidence_dynamic")
    return `${glyphs.atLeast}${settings.threshold.toFixed(2)}`;
  if (settings.strategy === "entropy_bounded")
    return `${glyphs.atMost}${settings.entropyBudget.toFixed(2)} nats`;
  return "";
}

/** A value, and the one it is about to become. */
export function pendingText(inForce: string, wanted: string, glyphs: Glyphs): string {
  return inForce === wanted ? inForce : `${inForce}${glyphs.arrow}${wanted}`;
}

/** Three figures at most: 0.93, 4.81, 41.2, 312. */
export function rateText(rate: number): string {
  if (rate >= 99.95) return rate.toFixed(0);
  return rate >= 9.995 ? rate.toFixed(1) : rate.toFixed(2);
}
