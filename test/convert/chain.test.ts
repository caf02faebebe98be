import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { convertCheckpoint } from "../../src/convert/index.ts";
import { openChain } from "../../src/engine/index.ts";
import { loadModelFolder } from "../../src/model/index.ts";
import { convertWithoutCarry } from "../golden/carry-zero.ts";
import { chainTensors } from "../golden/chain-tensors.ts";
import { dataFolder, readTensors } from "../golden/safetensors.ts";
import { checkpointCopy, temporaryFolder } from "./folders.ts";
import { GraphRunner } from "./graph-runner.ts";

const sizes = { hidden_size: 64, mask_chain_size: 32 };
const hidden = Float32Array.from({ length: 64 }, (_, at) => Math.sin(3 * at));
const [before, last] = [141, 59];
const candidates = [3, 500, 17, 265];

async function converted(kind: "f32" | "q8" | "q4"): Promise<string> {
  const to = join(await temporaryFolder(), "model");
  const weights = kind === "f32" ? { kind } : { kind, blockSize: 32 };
  await convertWithoutCarry(
    { from: join(dataFolder, "carry-tiny"), to, weights },
    { mask_chain_size: sizes.mask_chain_size },
  );
  return to;
}

/** The head's formula in plain loops: what is added to each candidate's logit. */
function formula(): number[] {
  const tensors = chainTensors(sizes);
  const table = readTensors("carry-tiny/model.safetensors").get("model.embed_tokens.weight") ?? [];
  const row = (id: number) => Array.from({ length: 64 }, (_, at) => table[id * 64 + at] ?? 0);
  const times = (name: keyof typeof tensors, x: readonly number[]) =>
    Array.from({ length: tensors[name].shape[0] ?? 0 }, (_, out) =>
      x.reduce((sum, value, at) => sum + value * (tensors[name].numbers[out * x.length + at] ?? 0), 0),
    );
  const ofMask = times("model.chain.mask_proj.weight", Array.from(hidden));
  const ofTokens = times("model.chain.token_proj.weight", [...row(before), ...row(last)]);
  const both = ofMask.map((value, at) => value + (ofTokens[at] ?? 0));
  const gated = both.slice(0, 32).map((gate, at) => (gate / (1 + Math.exp(-gate))) * (both[32 + at] ?? 0));
  const direction = times("model.chain.down_proj.weight", gated);
  return candidates.map((id) => row(id).reduce((sum, value, at) => sum + value * (direction[at] ?? 0), 0));
}

async function scoresOf(folder: string): Promise<number[]> {
  const chain = await openChain(folder, (await loadModelFolder(folder)).config);
  if (chain === undefined) throw new Error("no chain");
  const scores = await chain.scores(hidden, [before, last], Int32Array.from(candidates));
  await chain.close();
  return Array.from(scores);
}

/** As a share of the largest. */
function farthest(a: readonly number[], b: readonly number[]): number {
  const largest = Math.max(...b.map(Math.abs));
  return Math.max(...a.map((value, at) => Math.abs(value - (b[at] ?? Number.NaN)))) / largest;
}

test("the graph computes the formula, rounded or not", async () => {
  const wanted = formula();
  expect(Math.max(...wanted.map(Math.abs))).toBeGreaterThan(1);
  expect(farthest(await scoresOf(await converted("f32")), wanted)).toBeLessThan(1e-5);
  expect(farthest(await scoresOf(await converted("q8")), wanted)).toBeLessThan(0.05);
  expect(farthest(await scoresOf(await converted("q4")), wanted)).toBeLessThan(0.5);
});

test("the pass gives the rows that its logits come from", async () => {
  const folder = await converted("f32");
  const graph = await GraphRunner.open(folder);
  const rows = [3, 505, 141].map((id, position) => ({ id, position }));
  const { logits, hidden: normalised } = await graph.run({ rows, headRows: [1, 2] });
  const table = readTensors("carry-tiny/model.safetensors").get("model.embed_tokens.weight") ?? [];
  for (const [asked, id] of [
    [0, 265],
    [1, 17],
  ] as const) {
    const logit = Array.from(normalised.subarray(asked * 64, (asked + 1) * 64)).reduce(
      (sum, value, at) => sum + value * (table[id * 64 + at] ?? 0),
      0,
    );
    expect(logit).toBeCloseTo(logits[asked * 512 + id] ?? Number.NaN, 4);
  }
});

test("a model without the head has neither its graph nor such an output", async () => {
  const to = join(await temporaryFolder(), "model");
  await convertCheckpoint({ from: join(dataFolder, "carry-tiny"), to });
  expect(await openChain(to, (await loadModelFolder(to)).config)).toBeUndefined();
  expect((await GraphRunner.open(to)).session.outputNames).not.toContain("hidden");
});

test("a checkpoint that names the head and has no tensors of it is refused", async () => {
  const from = await checkpointCopy("carry-tiny", { mask_chain_size: 32 });
  const to = join(await temporaryFolder(), "model");
  await expect(convertCheckpoint({ from, to })).rejects.toThrow(/model\.chain\.mask_proj\.weight is missing/);
});

test("a model folder that lost the head's graph says so", async () => {
  const folder = await converted("f32");
  await rm(join(folder, "chain.onnx"));
  await expect(loadModelFolder(folder)).rejects.toThrow(/chain\.onnx is missing\. Convert the model again/);
});
