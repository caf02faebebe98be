import { expect, test } from "vitest";
import { defaultSettings } from "../../src/engine/settings.ts";
import { knobCounts } from "../../src/engine/knob-use.ts";
import { checkSettings, decodingKnobs } from "../../src/engine/knobs.ts";
import { presetNames, presetOf, presets } from "../../src/engine/presets.ts";

test("a preset is recognised by its values, whatever the other knobs", () => {
  for (const name of presetNames) {
    expect(() => checkSettings(presets[name])).not.toThrow();
    expect(presetOf({ ...defaultSettings(4), seed: 7, ...presets[name] })).toBe(name);
  }
  expect(presetOf({ ...defaultSettings(4), threshold: 0.8 })).toBeUndefined();
});

test("balanced is what every model begins with, and careful wants to be surer than fast", () => {
  expect(presetOf(defaultSettings(8))).toBe("balanced");
  const { careful, balanced, fast } = presets;
  for (const key of ["threshold", "draftThreshold", "lookaheadThreshold"] as const) {
    expect(careful[key]).toBeGreaterThan(balanced[key] ?? 1);
    expect(balanced[key]).toBeGreaterThan(fast[key] ?? 1);
  }
  expect(careful.entropyBudget).toBeLessThan(fast.entropyBudget ?? 0);
});

test("a preset leaves the strategy alone, and sets a bound of each that has one", () => {
  for (const strategy of ["low_confidence_dynamic", "entropy_bounded", "self_speculative"] as const) {
    const settings = { ...defaultSettings(4), strategy };
    for (const name of presetNames) {
      expect(presets[name].strategy).toBeUndefined();
      const set = decodingKnobs.filter(({ key }) => presets[name][key] !== undefined);
      expect(set.some(({ key }) => knobCounts(key, settings))).toBe(true);
    }
  }
});
