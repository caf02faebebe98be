import { expect, test } from "vitest";
import {
  changeFromText,
  checkKnob,
  decodingKnobs,
  defaultSettings,
  knobFromText,
  rangeText,
} from "../../src/engine/index.ts";

const knob = (name: string) => {
  const found = decodingKnobs.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no knob ${name}`);
  return found;
};

test("every setting of a decoding is a knob, and the built-in defaults lie in their ranges", () => {
  const defaults = Object.entries(defaultSettings(4));
  expect(decodingKnobs.map(({ key }) => key)).toEqual(defaults.map(([key]) => key));
  for (const { key, name } of decodingKnobs) {
    expect(checkKnob(knob(name), defaultSettings(4)[key], name)).toBe(defaultSettings(4)[key]);
  }
});

test("a knob's name is its key in kebab-case", () => {
  expect(knob("denoising-steps").key).toBe("denoisingSteps");
});

test.each([
  ["threshold", "0.85", 0.85],
  ["threshold", " .5 ", 0.5],
  ["temperature", "0", 0],
  ["block-length", "16", 16],
  ["denoising-steps", "block_length", "block_length"],
  ["seed", "4294967295", 4_294_967_295],
  ["strategy", "entropy_bounded", "entropy_bounded"],
])("%s accepts what is typed as %j", (name, text, value) => {
  expect(knobFromText(knob(name), text, name)).toBe(value);
});

test.each([
  ["threshold", "1.1", "--threshold must be a number, 0..1, not 1.1."],
  ["threshold", "0x1", '--threshold must be a number, 0..1, not "0x1".'],
  ["threshold", "", '--threshold must be a number, 0..1, not "".'],
  ["block-length", "4.5", "--block-length must be a whole number, 1..256, not 4.5."],
  ["block-length", "block_length", '--block-length must be a whole number, 1..256, not "block_length".'],
  ["top-k", "-1", "--top-k must be a whole number, 0 or more, not -1."],
  ["temperature", "1e-38", "--temperature must be a number, 0 or 0.01..100, not 1e-38."],
  ["temperature", "1e999", '--temperature must be a number, 0 or 0.01..100, not "1e999".'],
])("%s refuses %j and says its range", (name, text, message) => {
  expect(() => knobFromText(knob(name), text, `--${name}`)).toThrow(message);
});

test("a value of the wrong type is refused: a configuration file may hold anything", () => {
  expect(() => checkKnob(knob("threshold"), "0.9", "threshold in F")).toThrow(
    'threshold in F must be a number, 0..1, not "0.9".',
  );
  expect(() => checkKnob(knob("strategy"), 3, "strategy in F")).toThrow("one of sequential | ");
  expect(() => checkKnob(knob("seed"), null, "seed in F")).toThrow("not null");
});

test("a range reads as people write it", () => {
  expect(rangeText(knob("denoising-steps"))).toBe("1..256 or block_length");
  expect(rangeText(knob("max-tokens"))).toBe("1 or more");
});

test("a typed change becomes a change of settings, by name or by key", () => {
  expect(changeFromText("block-length", "8")).toEqual({ blockLength: 8 });
  expect(changeFromText("blockLength", "8")).toEqual({ blockLength: 8 });
  expect(() => changeFromText("blok", "8")).toThrow(
    'There is no setting "blok". There are: doubt, strategy,',
  );
});
