import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  distinctFourGrams,
  meanOf,
  pairedMeans,
  pairedShares,
  randomFrom,
} from "../../../assets/evaluation/statistics.ts";

const answers = (right: number, wrong: number) =>
  Array.from({ length: right + wrong }, (_, index) => index < right);

test("two that agree on all questions differ by nothing, but not for certain", () => {
  const { difference, low, high } = pairedShares(answers(90, 8), answers(90, 8));
  expect(difference).toBe(0);
  // (0 + 1) / (98 + 2) on either side: 1.96 * sqrt((0.01 + 0.01) / 100)
  expect(high).toBeCloseTo(0.02772, 4);
  expect(low).toBeCloseTo(-0.02772, 4);
});

test("only questions on which two disagree move the interval", () => {
  const { difference, low, high } = pairedShares(answers(93, 5), answers(90, 8));
  expect(difference).toBeCloseTo(3 / 98, 10);
  // 0.04 - 0.01 +- 1.96 * sqrt((0.05 - 0.03 ** 2) / 100)
  expect(low).toBeCloseTo(0.03 - 0.04343, 4);
  expect(high).toBeCloseTo(0.03 + 0.04343, 4);
});

test("the interval of two shares turns round with them and holds their difference", () => {
  const pairs = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(pairs, (both) => {
      const [first, second] = [both.map(([one]) => one), both.map(([, other]) => other)];
      const there = pairedShares(first, second);
      const back = pairedShares(second, first);
      expect(there.difference).toBeCloseTo(-back.difference, 10);
      expect(there.low).toBeCloseTo(-back.high, 10);
      expect(there.low).toBeLessThanOrEqual(there.difference);
      expect(there.high).toBeGreaterThanOrEqual(there.difference);
    }),
  );
});

test("a mean a token weighs texts by their length", () => {
  const texts = [
    { tokens: 1, total: -4 },
    { tokens: 3, total: -2 },
  ];
  expect(meanOf(texts)).toBe(-1.5);
});

test("an interval of means is paired: what all texts share has no part in it", () => {
  const first = Array.from({ length: 30 }, (_, index) => ({ tokens: 10, total: -index }));
  const second = first.map(({ tokens, total }) => ({ tokens, total: total - 5 }));
  const { difference, low, high } = pairedMeans(first, second, 200);
  expect(difference).toBeCloseTo(0.5, 10);
  expect(low).toBeCloseTo(0.5, 10);
  expect(high).toBeCloseTo(0.5, 10);
});

test("an interval of means is about as wide as theory says, and the same in every run", () => {
  const random = randomFrom(3);
  const first = Array.from({ length: 400 }, () => ({ tokens: 1, total: random() }));
  const second = first.map(() => ({ tokens: 1, total: 0 }));
  const { low, high } = pairedMeans(first, second);
  // uniform numbers: standard deviation sqrt(1 / 12)
  expect(high - low).toBeGreaterThan(0.8 * ((2 * 1.96) / Math.sqrt(12 * 400)));
  expect(high - low).toBeLessThan(1.2 * ((2 * 1.96) / Math.sqrt(12 * 400)));
  expect(pairedMeans(first, second)).toEqual(pairedMeans(first, second));
});

test("a text in circles has few distinct 4-grams, and one too short to repeat itself all", () => {
  expect(distinctFourGrams([1, 1, 1, 1, 1, 1])).toBeCloseTo(1 / 3);
  expect(distinctFourGrams([1, 2, 3, 4, 1, 2, 3, 4])).toBeCloseTo(4 / 5);
  expect(distinctFourGrams([1, 2, 3])).toBe(1);
});
