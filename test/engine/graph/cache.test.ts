import { expect, test } from "vitest";
import { KvCache } from "../../../src/engine/graph/cache.ts";

const shape = { layers: 2, width: 3, limit: 2000 };

/** Keys of `rows` tokens in two layers: layer * 1000 + token, thrice. */
function tokens(first: number, rows: number): Float32Array {
  return Float32Array.from({ length: 2 * rows * 3 }, (_, at) => {
    const layer = Math.floor(at / (rows * 3));
    return layer * 1000 + first + Math.floor((at % (rows * 3)) / 3);
  });
}

test("the first rows of a pass are appended, the others dropped", () => {
  const cache = new KvCache(shape);
  cache.append(tokens(0, 4), tokens(100, 4), 4, 3);
  cache.append(tokens(3, 2), tokens(103, 2), 2, 2);
  expect(cache.length).toBe(5);
  expect(Array.from(cache.keys(1)).filter((_, at) => at % 3 === 0)).toEqual([1000, 1001, 1002, 1003, 1004]);
  expect(Array.from(cache.values(0)).filter((_, at) => at % 3 === 2)).toEqual([100, 101, 102, 103, 104]);
});

test("what was cut is overwritten by what comes next", () => {
  const cache = new KvCache(shape);
  cache.append(tokens(0, 4), tokens(0, 4), 4, 4);
  cache.truncate(2);
  cache.truncate(3);
  expect(cache.length).toBe(2);
  cache.append(tokens(7, 1), tokens(7, 1), 1, 1);
  expect(Array.from(cache.keys(0)).filter((_, at) => at % 3 === 0)).toEqual([0, 1, 7]);
});

test("growing keeps what is there", () => {
  const cache = new KvCache(shape);
  for (let first = 0; first < 1000; first += 50) cache.append(tokens(first, 50), tokens(first, 50), 50, 50);
  const keys = cache.keys(1);
  expect(keys).toHaveLength(3000);
  expect(keys.every((key, at) => key === 1000 + Math.floor(at / 3))).toBe(true);
});

test("a prefix is a view of the cache, not a copy", () => {
  const cache = new KvCache(shape);
  cache.append(tokens(0, 4), tokens(0, 4), 4, 4);
  expect(cache.keys(0).buffer).toBe(cache.keys(0).buffer);
  cache.append(tokens(4, 4), tokens(4, 4), 4, 4);
  expect(cache.keys(0).byteOffset).toBe(0);
});
