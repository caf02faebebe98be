import * as fc from "fast-check";
import { expect, test } from "vitest";
import { commonBorder, nextBlockEnd, partition } from "../../../src/engine/rows/sequence.ts";

test("a prompt is cut at multiples of the block length", () => {
  expect(partition(10, [], 4)).toEqual([4, 8]);
  expect(partition(8, [], 4)).toEqual([4, 8]);
  expect(partition(3, [], 4)).toEqual([]);
});

test("recorded borders stay; from the last of them on multiples follow", () => {
  expect(partition(40, [4, 8, 12], 16)).toEqual([4, 8, 12, 16, 32]);
  expect(partition(20, [5, 6, 7], 4)).toEqual([5, 6, 7, 8, 12, 16, 20]);
  expect(partition(10, [4, 8, 12], 4)).toEqual([4, 8]);
});

test("a block ends at the next multiple of the block length", () => {
  expect([0, 3, 4, 7].map((start) => nextBlockEnd(start, 4))).toEqual([4, 4, 8, 8]);
  expect(nextBlockEnd(6, 16)).toBe(16);
});

test("no block of a prompt is longer than the block length, and none lies behind its end", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 40 }), (length, blockLength) => {
      const borders = [0, ...partition(length, [], blockLength)];
      const sizes = borders.slice(1).map((border, index) => border - (borders[index] ?? 0));
      expect(sizes.every((size) => size === blockLength)).toBe(true);
      expect(length - (borders.at(-1) ?? 0)).toBeLessThan(blockLength);
    }),
  );
});

test("a text is shared up to the last border at which ids and borders agree", () => {
  const text = { ids: [1, 2, 3, 4, 5, 6, 7, 8], borders: [2, 4, 8] };
  expect(commonBorder(text, text)).toBe(8);
  expect(commonBorder(text, { ...text, ids: [1, 2, 3, 4, 5, 9, 7, 8] })).toBe(4);
  expect(commonBorder(text, { ...text, borders: [2, 6, 8] })).toBe(2);
  expect(commonBorder(text, { ids: [1, 2, 3, 4, 5], borders: [2, 4] })).toBe(4);
  expect(commonBorder(text, { ids: [9], borders: [] })).toBe(0);
});
