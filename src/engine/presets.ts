import type { Knob } from "./knobs.ts";
import type { DecodingSettings } from "./settings.ts";

export const presetNames = ["careful", "balanced", "fast"] as const;

export type PresetName = (typeof presetNames)[number];

/**
 * Three stops between certainty and speed, for any model; all that they do not name stays as it is. Careful: in order, a
 * token a pass, the reference for quality. Balanced: guesses that are checked, the text of one token at a time in fewer
 * passes. Fast: whatever is more likely right than wrong by far enough, without a check.
 */
export const presets: Readonly<Record<PresetName, Partial<DecodingSettings>>> = {
  careful: { strategy: "sequential", denoisingSteps: "block_length" },
  balanced: { strategy: "self_speculative", draftThreshold: 0.3, lookaheadThreshold: 0.5 },
  fast: { strategy: "low_confidence_dynamic", denoisingSteps: "block_length", threshold: 0.7 },
};

/** `--preset`: lies under the other knobs of the same source. */
export const presetKnob: Knob<"preset"> = {
  key: "preset",
  name: "preset",
  placeholder: "name",
  range: { kind: "choice", of: presetNames },
  help: "several knobs at once, from certain to quick; knobs that are set beside it count more",
};

/** The preset whose values are all in force. */
export function presetOf(settings: DecodingSettings): PresetName | undefined {
  const values = new Map<string, unknown>(Object.entries(settings));
  return presetNames.find((name) =>
    Object.entries(presets[name]).every(([key, value]) => values.get(key) === value),
  );
}
