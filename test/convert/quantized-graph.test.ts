import { join } from "node:path";
import { expect, test } from "vitest";
import { convertCheckpoint, type WeightChoice } from "../../src/convert/index.ts";
import { dataFolder, readTensors } from "../golden/safetensors.ts";
import { temporaryFolder } from "./folders.ts";
import { GraphRunner } from "./graph-runner.ts";
import { referenceLogits, roundedWeights } from "./reference.ts";

const ids = [3, 141, 59, 265, 358];

async function converted(checkpoint: string, weights: WeightChoice): Promise<GraphRunner> {
  const to = join(await temporaryFolder(), "model");
  await convertCheckpoint({ from: join(dataFolder, checkpoint), to, weights });
  return GraphRunner.open(to);
}

/** The largest distance between the graph's logits and the reference's, in shares of the logits' spread. */
async function distance(
  checkpoint: string,
  weights: WeightChoice,
  blocksOf: Parameters<typeof roundedWeights>[1],
) {
  const graph = await converted(checkpoint, weights);
  const rows = ids.map((id, position) => ({ id, position }));
  const { logits } = await graph.run({ rows });
  const tensors = readTensors(`${checkpoint}/model.safetensors`);
  const expected = referenceLogits(graph.config, roundedWeights(tensors, blocksOf), ids).flat();
  expect(logits).toHaveLength(expected.length);
  const spread = Math.sqrt(expected.reduce((sum, value) => sum + value * value, 0) / expected.length);
  return Math.max(...expected.map((value, at) => Math.abs(value - (logits[at] ?? 0)))) / spread;
}

const isTable = (name: string) => /embed_tokens|lm_head/.test(name);

/** Rows of 64, 128 and 160 numbers in the largest power of two that divides them. */
const blockOf = (columns: number, wanted: number) => Math.min(columns & -columns, wanted);

type Blocks = Parameters<typeof roundedWeights>[1];

const inBlocks =
  (bits: 4 | 8, wanted: number): Blocks =>
  (_, columns) => ({ bits, blockSize: blockOf(columns, wanted) });

const in4Bits: Blocks = (name, columns) =>
  isTable(name)
    ? { bits: 8, blockSize: blockOf(columns, 128) }
    : { bits: 4, blockSize: blockOf(columns, 32) };

const checkpoints = ["dense-tiny", "dense-tiny-tied", "carry-tiny"];

test.each(checkpoints)("f32: %s computes the plain transformer", async (name) => {
  expect(await distance(name, { kind: "f32" }, () => undefined)).toBeLessThan(1e-4);
});

// An activation on the edge between two steps may go to either on another processor; the rest is a float's precision.
test.each(checkpoints)("q8: %s computes with the rounded weights", async (name) => {
  expect(await distance(name, { kind: "q8" }, inBlocks(8, 128))).toBeLessThan(0.01);
});

test.each(checkpoints)("q4: %s computes with the rounded weights, its vocabulary at 8 bits", async (name) => {
  expect(await distance(name, { kind: "q4" }, in4Bits)).toBeLessThan(0.01);
});

test("the block size is the caller's", async () => {
  expect(await distance("dense-tiny", { kind: "q8", blockSize: 16 }, inBlocks(8, 16))).toBeLessThan(0.01);
});

test("4 bits are another model than 8", async () => {
  expect(await distance("dense-tiny", { kind: "q4" }, inBlocks(8, 32))).toBeGreaterThan(0.1);
});

test.each(["f32", "q8", "q4"] as const)(
  "%s: a row's numbers don't depend on the pass's other rows",
  async (kind) => {
    const graph = await converted("dense-tiny", { kind });
    const rows = Array.from({ length: 16 }, (_, at) => ({ id: 17 * at + 3, position: at % 5 }));
    const together = await graph.run({ rows, sees: (i, j) => i === j });
    for (const [at, row] of rows.entries()) {
      const { logits } = await graph.run({ rows: [row] });
      const same = together.logits.subarray(at * logits.length, (at + 1) * logits.length);
      expect(Math.max(...logits.map((value, index) => Math.abs(value - (same[index] ?? 0))))).toBeLessThan(
        1e-4,
      );
    }
  },
);
