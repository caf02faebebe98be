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
  expect(presetOf(defaultSettings(4))).toBeUndefined();
});

test("all that a preset sets counts under its strategy", () => {
  for (const name of presetNames) {
    const settings = { ...defaultSettings(4), ...presets[name] };
    const set = decodingKnobs.filter(({ key }) => presets[name][key] !== undefined);
    expect(set.filter(({ key }) => !knobCounts(key, settings))).toEqual([]);
  }
});
