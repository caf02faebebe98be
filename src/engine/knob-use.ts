import type { DecodingSettings, Strategy } from "./settings.ts";

type Rule = (settings: DecodingSettings) => boolean;

const under =
  (...strategies: readonly Strategy[]): Rule =>
  ({ strategy }) =>
    strategies.includes(strategy);

const drawing: Rule = ({ temperature }) => temperature > 0;

/** Knobs that do nothing while others stand as they do; one without a rule always counts. */
const rules: Readonly<Partial<Record<keyof DecodingSettings, Rule>>> = {
  autoBlocks: ({ doubt }) => doubt !== "off",
  denoisingSteps: under("sequential", "low_confidence_static", "low_confidence_dynamic"),
  threshold: under("low_confidence_dynamic"),
  entropyBudget: under("entropy_bounded"),
  draftThreshold: under("self_speculative"),
  lookaheadThreshold: under("self_speculative"),
  hedgeThreshold: under("self_speculative"),
  topK: drawing,
  topP: drawing,
  seed: drawing,
};

/** Does the knob change anything as the others stand now? */
export function knobCounts(key: keyof DecodingSettings, settings: DecodingSettings): boolean {
  return rules[key]?.(settings) ?? true;
}
