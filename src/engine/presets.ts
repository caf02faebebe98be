import type { Knob } from "./knobs.ts";
import type { DecodingSettings } from "./settings.ts";

export const presetNames = ["careful", "balanced", "fast"] as const;

export type PresetName = (typeof presetNames)[number];

/**
 * Three stops between certainty and speed. They set how sure each strategy wants to be and leave the choice of the
 * strategy alone: it is the model's own, or made by hand. `balanced` is what every model begins with. For
 * self_speculative, whose text no guess changes, they say how eagerly it guesses.
 */
export const presets: Readonly<Record<PresetName, Partial<DecodingSettings>>> = {
  careful: { threshold: 0.95, entropyBudget: 0.15, draftThreshold: 0.5, lookaheadThreshold: 0.7 },
  balanced: { threshold: 0.9, entropyBudget: 0.35, draftThreshold: 0.3, lookaheadThreshold: 0.5 },
  fast: { threshold: 0.75, entropyBudget: 0.7, draftThreshold: 0.15, lookaheadThreshold: 0.25 },
};

/** `--preset`: lies under the other knobs of the same source. */
export const presetKnob: Knob<"preset"> = {
  key: "preset",
  name: "preset",
  placeholder: "name",
  range: { kind: "choice", of: presetNames },
  help: "how sure every strategy wants to be; knobs that are set beside it count more",
};

/** The preset whose values are all in force. */
export function presetOf(settings: DecodingSettings): PresetName | undefined {
  const values = new Map<string, unknown>(Object.entries(settings));
  return presetNames.find((name) =>
    Object.entries(presets[name]).every(([key, value]) => values.get(key) === value),
  );
}
