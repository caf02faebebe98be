import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Checkpoint, readRows } from "../../src/convert/checkpoint/checkpoint.ts";
import { dataFolder, readTensors } from "../golden/safetensors.ts";
import { checkpointCopy, editJson, floats, temporaryFolder, writeSafetensors } from "./folders.ts";

async function open(folder: string): Promise<Checkpoint> {
  const checkpoint = await Checkpoint.open(folder);
  onTestFinished(() => checkpoint.close());
  return checkpoint;
}

const norm = "model.norm.weight";

test("rows of a tensor in one file are read as 32-bit floats", async () => {
  const checkpoint = await open(join(dataFolder, "dense-tiny"));
  const name = "model.layers.1.mlp.down_proj.weight";
  const rows = await readRows(checkpoint.tensor(name, [64, 160]), 10, 3);
  const whole = readTensors("dense-tiny/model.safetensors").get(name);
  expect(rows).toEqual(whole?.subarray(1600, 2080));
});

test("tensors in shards are found by the index, and bfloat16 is widened", async () => {
  const checkpoint = await open(join(dataFolder, "dense-tiny-bf16"));
  const name = "lm_head.weight";
  const rows = await readRows(checkpoint.tensor(name, [512, 64]), 0, 512);
  expect(rows).toEqual(readTensors("dense-tiny-bf16/model-00002-of-00002.safetensors").get(name));
});

test("shards may have any names", async () => {
  const folder = await checkpointCopy("dense-tiny-bf16");
  const [old, other] = ["model-00002-of-00002.safetensors", "layer-0-ep-0-of-1.safetensors"];
  await rename(join(folder, old), join(folder, other));
  await editJson(join(folder, "model.safetensors.index.json"), (index) => {
    index["weight_map"] = JSON.parse(JSON.stringify(index["weight_map"]).replaceAll(old, other));
  });
  expect((await open(folder)).has(norm)).toBe(true);
});

test("a missing shard is named", async () => {
  const folder = await checkpointCopy("dense-tiny-bf16");
  await rm(join(folder, "model-00002-of-00002.safetensors"));
  await expect(Checkpoint.open(folder)).rejects.toThrow(/model-00002-of-00002.safetensors/);
});

test("a damaged index is named", async () => {
  const folder = await checkpointCopy("dense-tiny-bf16");
  await writeFile(join(folder, "model.safetensors.index.json"), '{"weight_map": 3}');
  await expect(Checkpoint.open(folder)).rejects.toThrow(/model.safetensors.index.json .*weight_map/);
});

test("an index can't reach outside its folder", async () => {
  const folder = await checkpointCopy("dense-tiny-bf16");
  const index = { weight_map: { [norm]: "../dense-tiny/model.safetensors" } };
  await writeFile(join(folder, "model.safetensors.index.json"), JSON.stringify(index));
  await expect(Checkpoint.open(folder)).rejects.toThrow(/names .*outside/);
});

test("a folder without weights says what belongs there", async () => {
  await expect(Checkpoint.open(await temporaryFolder())).rejects.toThrow(
    /holds no weights.*model.safetensors/,
  );
});

test("a missing tensor is named with the file it should be in", async () => {
  const checkpoint = await open(join(dataFolder, "dense-tiny"));
  expect(() => checkpoint.tensor("model.layers.9.mlp.up_proj.weight", [1])).toThrow(
    /model.layers.9.mlp.up_proj.weight is missing in .*dense-tiny\/model.safetensors/,
  );
});

test("a tensor that the index puts into a shard without it is missing there", async () => {
  const folder = await checkpointCopy("dense-tiny-bf16");
  await editJson(join(folder, "model.safetensors.index.json"), (index) => {
    index["weight_map"] = { [norm]: "model-00001-of-00002.safetensors" };
  });
  const checkpoint = await open(folder);
  expect(() => checkpoint.tensor(norm, [64])).toThrow(/missing in .*model-00001-of-00002/);
});

test("a tensor of another shape is refused with both shapes", async () => {
  const checkpoint = await open(join(dataFolder, "dense-tiny"));
  expect(() => checkpoint.tensor(norm, [128])).toThrow(/model.norm.weight .*\[64\].*\[128\]/);
});

test("quantised checkpoints are refused", async () => {
  const folder = await temporaryFolder();
  await writeSafetensors(join(folder, "model.safetensors"), {
    w: { dtype: "I8", shape: [4], bytes: new Uint8Array(4) },
  });
  const checkpoint = await open(folder);
  expect(() => checkpoint.tensor("w", [4])).toThrow(/holds I8 numbers/);
});

test("numbers that are not finite are refused by tensor", async () => {
  const folder = await temporaryFolder();
  await writeSafetensors(join(folder, "model.safetensors"), { w: floats([2, 2], [1, 2, NaN, 4]) });
  const checkpoint = await open(folder);
  await expect(readRows(checkpoint.tensor("w", [2, 2]), 0, 2)).rejects.toThrow(/tensor w .*not finite/);
});
