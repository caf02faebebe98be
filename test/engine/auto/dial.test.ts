import { expect, test } from "vitest";
import { allowedLengths } from "../../../src/engine/auto/dial.ts";
import { defaultSettings, takeOver } from "../../../src/engine/index.ts";

const wanted = { ...defaultSettings(4), doubt: "balanced" } as const;
const inForce = {
  ...wanted,
  promptLookup: 0,
  strategy: "self_speculative",
  blockLength: 8,
  draftThreshold: 0.2,
  lookaheadThreshold: 0,
  hedgeThreshold: 0.25,
} as const;

test("who turns what the dial sets takes over from it: the dial is off, the rest stays as it had it", () => {
  const taken = takeOver({ blockLength: 16 }, wanted, inForce);
  const { promptLookup } = wanted;
  expect({ ...wanted, ...taken }).toEqual({ ...inForce, promptLookup, doubt: "off", blockLength: 16 });
  const off = { ...wanted, ...takeOver({ doubt: "off" }, wanted, inForce) };
  expect(off).toEqual({ ...inForce, promptLookup, doubt: "off" });
  expect(takeOver({ entropyBudget: 1 }, wanted, inForce)).toMatchObject({ doubt: "off", entropyBudget: 1 });
});

test("the bound of a window of copies is not taken over", () => {
  const copying = { ...inForce, draftThreshold: 0.12, promptLookup: 7 };
  expect(takeOver({ doubt: "off" }, wanted, copying)).toMatchObject({ draftThreshold: 0.3, blockLength: 8 });
});

test("what the dial does not set is turned beside it", () => {
  expect(takeOver({ temperature: 1 }, wanted, inForce)).toEqual({ temperature: 1 });
  expect(takeOver({ doubt: "fast" }, wanted, inForce)).toEqual({ doubt: "fast" });
  expect(takeOver({ threshold: 0.5 }, { ...wanted, doubt: "off" }, inForce)).toEqual({ threshold: 0.5 });
});

test("the dial keeps to the trained block lengths unless others are allowed, and to what a pass may have", () => {
  const model = { trainedBlockLengths: [4, 64] };
  expect(allowedLengths(model, { autoBlocks: "trained" }, Infinity)).toEqual([4, 64]);
  expect(allowedLengths(model, { autoBlocks: "any" }, Infinity)).toEqual([1, 2, 4, 8, 16, 32, 64]);
  expect(allowedLengths(model, { autoBlocks: "any" }, 31)).toEqual([1, 2, 4, 8, 16]);
});
