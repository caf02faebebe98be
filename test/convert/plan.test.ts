import { expect, test } from "vitest";
import { WeightPlan } from "../../src/convert/weights/plan.ts";
import { dividingBlockSize } from "../../src/model/index.ts";

const source = (rows: number) => [{ name: "w", rows }];

test("tensors don't overlap; large ones start at a page, small ones at a cache line", () => {
  const plan = new WeightPlan();
  const small = plan.vector("v", 3);
  const large = plan.floats(source(256), 100);
  const blocks = plan.blocks(8, 64, source(1000), 128);
  expect([small.offset, large.offset, blocks.offset, blocks.scaleOffset]).toEqual([
    0,
    4096,
    4096 + 102_400,
    106_496 + 128_000,
  ]);
  expect(plan.bytes).toBe(106_496 + 128_000 + 8000);
});

test("sources that follow each other make one matrix, and every number counts once", () => {
  const plan = new WeightPlan();
  plan.blocks(4, 32, [...source(10), ...source(20)], 64);
  expect(plan.stored[0]).toMatchObject({ rows: 30, columns: 64, blocksPerRow: 2 });
  expect(plan.numbers).toBe(30 * 64);
  expect(plan.bytes).toBe(30 * 32 + 30 * 2 * 4);
});

test.each([
  [2048, 128, 128],
  [576, 128, 64],
  [1664, 128, 128],
  [160, 128, 32],
  [48, 128, 16],
  [24, 128, undefined],
  [4096, 32, 32],
])("rows of %i numbers take blocks of %i as %s", (columns, wanted, size) => {
  expect(dividingBlockSize(columns, wanted)).toBe(size);
});
