import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checkKnob, decodingKnobs, defaultSettings, type KnobValue } from "../../../src/engine/index.ts";
import { turnedOnce, type Direction } from "../../../src/tui/knobs/steps.ts";

const named = (name: string) => decodingKnobs.find((knob) => knob.name === name) ?? decodingKnobs[0];

function turned(name: string, value: KnobValue, ...directions: Direction[]): KnobValue[] {
  const knob = named(name);
  if (knob === undefined) throw new Error("there is no knob");
  let at = value;
  return directions.map((direction) => (at = turnedOnce(knob, at, direction)));
}

test("however a knob is turned, its value is one that it takes", () => {
  const turns = fc.array(fc.constantFrom<Direction>(-1, 1), { maxLength: 60 });
  fc.assert(
    fc.property(fc.constantFrom(...decodingKnobs), turns, (knob, directions) => {
      let value: KnobValue = defaultSettings(4)[knob.key];
      for (const direction of directions) {
        value = turnedOnce(knob, value, direction);
        expect(() => checkKnob(knob, value, knob.name)).not.toThrow();
      }
    }),
  );
});

test("block lengths go by powers of two, thresholds by .05, a temperature down to 0", () => {
  expect(turned("block-length", 4, 1, 1, -1, -1, -1, -1, -1)).toEqual([8, 16, 8, 4, 2, 1, 1]);
  expect(turned("block-length", 6, 1, -1)).toEqual([8, 4]);
  expect(turned("block-length", 6, -1)).toEqual([4]);
  expect(turned("threshold", 0.9, 1, 1, 1, -1)).toEqual([0.95, 1, 1, 0.95]);
  expect(turned("temperature", 0.15, -1, -1, 1)).toEqual([0.05, 0, 0.1]);
});

test("a word lies below the smallest number, choices go round", () => {
  expect(turned("denoising-steps", 2, -1, -1, -1, 1)).toEqual([1, "block_length", "block_length", 1]);
  expect(turned("strategy", "self_speculative", 1, -1)).toEqual(["sequential", "self_speculative"]);
});
