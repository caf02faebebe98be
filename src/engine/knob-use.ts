import { strategies, type DecodingSettings, type Strategy } from "./settings.ts";

type Rule = (settings: DecodingSettings) => boolean;

const under =
  (...known: readonly Strategy[]): Rule =>
  ({ strategy }) =>
    known.includes(strategy);

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
  // The dial takes to windows where something can be looked up, whatever the strategy.
  promptLookup: ({ doubt, strategy }) => doubt !== "off" || strategy === "self_speculative",
  topK: drawing,
  topP: drawing,
  seed: drawing,
};

/** Does the knob change anything as the others stand now? */
export function knobCounts(key: keyof DecodingSettings, settings: DecodingSettings): boolean {
  return rules[key]?.(settings) ?? true;
}

/** Why the knob changes nothing as the others stand now, for the end of a sentence; undefined: it counts. */
export function idleReason(key: keyof DecodingSettings, settings: DecodingSettings): string | undefined {
  if (knobCounts(key, settings)) return undefined;
  const others = strategies.filter((strategy) => knobCounts(key, { ...settings, strategy }));
  if (others.length > 0) return `no effect with ${settings.strategy}; it counts with ${others.join(", ")}`;
  return isDrawn(key, settings) ? "no effect at temperature 0" : "no effect while the dial is off";
}

/** Does it count as soon as tokens are drawn? */
export function isDrawn(key: keyof DecodingSettings, settings: DecodingSettings): boolean {
  return !drawing(settings) && knobCounts(key, { ...settings, temperature: 1 });
}
