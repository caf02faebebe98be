import { expect, test } from "vitest";
import { formOf } from "../../../src/engine/rows/forms.ts";
import { Rows } from "../../../src/engine/rows/rows.ts";
import { partition, type Sequence } from "../../../src/engine/rows/sequence.ts";
import { UserError } from "../../../src/errors.ts";
import { configOf } from "../../synthetic/formula-model.ts";

const blockConfig = configOf({ vocabulary: 100, script: [9], blockContext: "block" });
const carryConfig = configOf({ vocabulary: 100, script: [9], blockContext: "causal" });
const blocks = formOf(blockConfig);
const carrying = formOf(carryConfig);
const mask = 99;

/** Rows as [id, position, carry], and who sees whom: a line a row, x where it sees. */
function laidOut(form: typeof blocks, sequence: Sequence, from: number, to: number) {
  const rows = new Rows();
  form.layOut(rows, sequence, from, to);
  const { length, slots, settled } = rows;
  const list = Array.from(rows.ids, (id, row) => [Number(id), Number(rows.positions[row]), rows.carry[row]]);
  const sees = Array.from({ length }, (_, row) =>
    Array.from(rows.mask.subarray(row * length, (row + 1) * length), (value) =>
      value === 0 ? "x" : ".",
    ).join(""),
  );
  return { rows: list, sees, slots, asked: Array.from(rows.asked, Number), settled };
}

test("SDAR's form: a commit and the next block's masks in one pass", () => {
  const sequence = { ids: [1, 2, 3, 4, 5, 6, mask, mask], masked: [6, 7], borders: [2, 4] };
  expect(laidOut(blocks, sequence, 2, 8)).toEqual({
    rows: [
      [3, 2, 0],
      [4, 3, 0],
      [5, 4, 0],
      [6, 5, 0],
      [mask, 6, 0],
      [mask, 7, 0],
    ],
    sees: ["xx....", "xx....", "xxxxxx", "xxxxxx", "xxxxxx", "xxxxxx"],
    slots: [6, 7],
    asked: [4, 5],
    settled: 2,
  });
});

test("SDAR's form: a prefill over several blocks has no masks and stays whole", () => {
  const sequence = { ids: [1, 2, 3, 4, 5], masked: [], borders: [2, 4] };
  expect(laidOut(blocks, sequence, 0, 4)).toMatchObject({
    sees: ["xx..", "xx..", "xxxx", "xxxx"],
    slots: [],
    settled: 4,
  });
});

test("SDAR's form: blocks of one token each are causal", () => {
  const sequence = { ids: [1, 2, 3, mask], masked: [3], borders: [1, 2, 3] };
  expect(laidOut(blocks, sequence, 0, 4)).toMatchObject({
    sees: ["x...", "xx..", "xxx.", "xxxx"],
    settled: 3,
  });
});

test("carry-over masks: tokens are causal, a mask is blind to the token it carries, the first sees no other mask", () => {
  const sequence = { ids: [1, 2, 3, mask, mask, 6, mask], masked: [3, 4, 6], borders: [] };
  expect(laidOut(carrying, sequence, 1, 7)).toEqual({
    rows: [
      [2, 1, 0],
      [3, 2, 0],
      [6, 5, 0],
      [3, 2, 1],
      [mask, 3, 0],
      [6, 5, 1],
    ],
    sees: ["x.....", "xx....", "xxx...", "x.xx..", "xxxxxx", "xx.xxx"],
    slots: [3, 4, 6],
    asked: [3, 4, 5],
    settled: 2,
  });
});

test("carry-over masks: a token may be cached once its right neighbour is decided", () => {
  const open = { ids: [1, 2, 3, mask, 5], masked: [3], borders: [] };
  expect(carrying.cacheableEnd(open)).toBe(2);
  expect(carrying.cacheableEnd({ ...open, masked: [] })).toBe(4);
});

test("a prefill pass ends at a border, at the first one if no other is near enough", () => {
  const sequence = { ids: [], masked: [], borders: partition(100, [], 16) };
  expect(blocks.chunkEnd(sequence, 0, 64)).toBe(64);
  expect(blocks.chunkEnd(sequence, 16, 40)).toBe(48);
  expect(blocks.chunkEnd(sequence, 16, 5)).toBe(32);
  const text = { ids: Array.from({ length: 100 }, () => 1), masked: [], borders: [] };
  expect(carrying.chunkEnd(text, 10, 64)).toBe(74);
  expect(carrying.chunkEnd(text, 74, 64)).toBe(99);
});

test("a model that mixes the two forms is refused", () => {
  expect(() => formOf({ ...blockConfig, blockContext: "causal" })).toThrow(UserError);
  expect(() => formOf({ ...carryConfig, blockContext: "block" })).toThrow(UserError);
});
