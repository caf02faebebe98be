import { expect, test } from "vitest";
import { median, spread } from "../../src/bench/statistics.ts";
import { figure, table } from "../../src/bench/table.ts";

test("the median is the middle value, or the mean of the two middle ones", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test("the spread is the range as a share of the median", () => {
  expect(spread([10, 12, 8])).toBeCloseTo(0.4);
});

test("a table sets numbers to the right and words to the left", () => {
  const text = table(
    ["name", "ms"],
    [
      ["a", "1.50"],
      ["longer", "120"],
    ],
  );
  expect(text.split("\n")).toEqual(["name      ms", "------  ----", "a       1.50", "longer   120"]);
});

test("a figure has three significant digits, and at most two decimals", () => {
  expect([0.123, 1.234, 12.34, 123.4].map(figure)).toEqual(["0.12", "1.23", "12.3", "123"]);
  expect(figure(Number.NaN)).toBe("");
});
