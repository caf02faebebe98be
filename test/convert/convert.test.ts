import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { widen } from "../../src/convert/checkpoint/number-formats.ts";
import { SafetensorsFile } from "../../src/convert/checkpoint/safetensors.ts";
import { convertCheckpoint, type ConversionPlan, type ConvertOptions } from "../../src/convert/index.ts";
import { defaultKind } from "../../src/convert/weight-choice.ts";
import { loadModelFolder, verifyChecksums } from "../../src/model/index.ts";
import { dataFolder } from "../golden/safetensors.ts";
import { checkpointCopy, temporaryFolder, writeSafetensors, type TensorToWrite } from "./folders.ts";
import { GraphRunner } from "./graph-runner.ts";

const denseTiny = join(dataFolder, "dense-tiny");
const f32 = { kind: "f32" } as const;

async function target(): Promise<string> {
  return join(await temporaryFolder(), "model");
}

/** Converts, which must fail, and looks that nothing is left. */
async function failure(options: Omit<ConvertOptions, "to">): Promise<unknown> {
  const parent = await temporaryFolder();
  const error = await convertCheckpoint({ weights: f32, ...options, to: join(parent, "model") }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(await readdir(parent)).toEqual([]);
  return error;
}

async function hashes(folder: string): Promise<Record<string, string>> {
  const entries: [string, string][] = [];
  for (const name of await readdir(folder)) {
    entries.push([
      name,
      createHash("sha256")
        .update(await readFile(join(folder, name)))
        .digest("hex"),
    ]);
  }
  return Object.fromEntries(entries);
}

test("a model folder is whole and its checksums are right", async () => {
  const to = await target();
  const { config } = await convertCheckpoint({ from: denseTiny, to, weights: { kind: "q8" } });
  const folder = await loadModelFolder(to);
  expect(folder.config).toEqual(config);
  expect(config.weights).toEqual({ kind: "q8", blockSize: 128 });
  expect((await readdir(to)).toSorted()).toEqual([
    "SHA256SUMS",
    "cache.webgpu.onnx",
    "config.json",
    "model.onnx",
    "model.onnx.data",
    "model.webgpu-f16.onnx",
    "model.webgpu.onnx",
    "tokenizer.json",
    "tokenizer_config.json",
  ]);
  expect([...folder.checksums.keys()]).toEqual((await readdir(to)).toSorted().slice(1));
  expect((await verifyChecksums(folder)).read).toHaveLength(8);
});

test.each([f32, { kind: "q8" }, { kind: "q4", blockSize: 64 }] as const)(
  "the same checkpoint gives the same bytes: %j",
  async (weights) => {
    const [one, other] = [await target(), await target()];
    await convertCheckpoint({ from: denseTiny, to: one, weights });
    await convertCheckpoint({ from: denseTiny, to: other, weights });
    expect(await hashes(one)).toEqual(await hashes(other));
  },
);

test.each(["F16", "BF16"] as const)(
  "a checkpoint in %s gives the model of the same numbers in F32",
  async (format) => {
    const [narrow, wide] = [
      await denseTinyIn(format, (halves) => halves),
      await denseTinyIn("F32", wideAs(format)),
    ];
    const [one, other] = [await target(), await target()];
    await convertCheckpoint({ from: narrow, to: one, weights: { kind: "q8" } });
    await convertCheckpoint({ from: wide, to: other, weights: { kind: "q8" } });
    expect(await hashes(one)).toEqual(await hashes(other));
  },
);

const wideAs = (format: "F16" | "BF16") => (halves: Uint8Array) =>
  new Uint8Array(widen(format, halves).buffer);

/** dense-tiny with other numbers: any 16 bits whose exponent is neither the least nor the greatest, brought to a format. */
async function denseTinyIn(dtype: string, bring: (halves: Uint8Array) => Uint8Array): Promise<string> {
  const folder = await checkpointCopy("dense-tiny");
  const path = join(folder, "model.safetensors");
  const file = await SafetensorsFile.open(path);
  const tensors = [...file.tensors].map(([name, { shape }], seed): [string, TensorToWrite] => {
    const count = shape.reduce((product, size) => product * size, 1);
    const halves = Uint16Array.from(
      { length: count },
      (_, at) => (Math.imul(at + seed, 40_503) & 0xbfff) | 0x0800,
    );
    return [name, { dtype, shape, bytes: bring(new Uint8Array(halves.buffer)) }];
  });
  await file.close();
  await writeSafetensors(path, Object.fromEntries(tensors));
  return folder;
}

test("shards are one model", async () => {
  const to = await target();
  const { parameters } = await convertCheckpoint({
    from: join(dataFolder, "dense-tiny-bf16"),
    to,
    weights: f32,
  });
  expect(parameters).toBe(176_576);
});

test("the plan comes first and tells the size in every kind", async () => {
  const to = await target();
  let announced: ConversionPlan | undefined;
  const plan = await convertCheckpoint({
    from: denseTiny,
    to,
    weights: f32,
    onPlan: (it) => (announced = it),
  });
  expect(announced).toEqual(plan);
  const sizes = await Promise.all(
    (["q8", "q4", "f32"] as const).map(async (kind) => {
      const folder = await target();
      await convertCheckpoint({ from: denseTiny, to: folder, weights: { kind } });
      const files = await Promise.all(
        [
          "model.onnx",
          "model.onnx.data",
          "model.webgpu.onnx",
          "model.webgpu-f16.onnx",
          "cache.webgpu.onnx",
        ].map((name) => readFile(join(folder, name))),
      );
      return files.reduce((sum, file) => sum + file.length, 0);
    }),
  );
  expect([plan.sizes.q8, plan.sizes.q4, plan.sizes.f32]).toEqual(sizes);
});

test("progress ends at the number of parameters", async () => {
  const seen: { done: number; total: number }[] = [];
  const { parameters } = await convertCheckpoint({
    from: denseTiny,
    to: await target(),
    weights: f32,
    onProgress: (progress) => seen.push(progress),
  });
  expect(seen.at(-1)).toEqual({ done: parameters, total: parameters });
  expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).toSorted((a, b) => a - b));
});

test("8 bits are the default up to four billion parameters, 4 above", async () => {
  expect([1.7e9, 4.02e9, 4.6e9, 8.2e9].map(defaultKind)).toEqual(["q8", "q8", "q4", "q4"]);
  const { config } = await convertCheckpoint({ from: denseTiny, to: await target() });
  expect(config.weights).toEqual({ kind: "q8", blockSize: 128 });
});

test("a block size that can't be computed with is refused", async () => {
  const error = await failure({ from: denseTiny, weights: { kind: "q4", blockSize: 48 } });
  expect(String(error)).toMatch(/blocks of 48: choose 16, 32, 64, 128, 256/);
});

test("an abort stops it within a piece and leaves nothing", async () => {
  const control = new AbortController();
  const onProgress = () => control.abort(new Error("enough"));
  expect(await failure({ from: denseTiny, onProgress, signal: control.signal })).toEqual(new Error("enough"));
  expect(await failure({ from: denseTiny, signal: AbortSignal.abort(new Error("before")) })).toEqual(
    new Error("before"),
  );
});

test("a target that exists is refused and not touched", async () => {
  const to = await target();
  await mkdir(to);
  await expect(convertCheckpoint({ from: denseTiny, to, weights: f32 })).rejects.toThrow(/exists already/);
  expect(await readdir(to)).toEqual([]);
});

test("a cut file is named and nothing is left", async () => {
  const from = await checkpointCopy("dense-tiny");
  const path = join(from, "model.safetensors");
  await truncate(path, 900_000);
  expect(String(await failure({ from }))).toMatch(/model.safetensors ends too early/);
});

test("a tensor that the layers miss is named before anything is written", async () => {
  const from = await checkpointCopy("dense-tiny", { num_hidden_layers: 4 });
  expect(String(await failure({ from }))).toMatch(/model.layers.3.input_layernorm.weight is missing/);
});

test("tensors of another size than config.json says are refused", async () => {
  const from = await checkpointCopy("dense-tiny", { intermediate_size: 128 });
  expect(String(await failure({ from }))).toMatch(/gate_proj.weight .* \[160, 64\].*\[128, 64\]/);
});

test("a layer with more than the graph would use is refused", async () => {
  const from = await checkpointCopy("dense-tiny", { num_hidden_layers: 2 });
  expect(String(await failure({ from }))).toMatch(/model.layers.2.*no part of the layouts/);
});

test("a checkpoint without a tokenizer is refused before anything is written", async () => {
  const from = await checkpointCopy("dense-tiny");
  await rm(join(from, "tokenizer.json"));
  await rm(join(from, "vocab.json"));
  expect(String(await failure({ from }))).toMatch(/has no tokenizer/);
});

test("a mixture-of-experts checkpoint is refused even where its weights are missing", async () => {
  expect(String(await failure({ from: join(dataFolder, "moe-tiny") }))).toMatch(/mixture-of-experts/);
});

test("the folder runs wherever it is moved", async () => {
  const to = await target();
  await convertCheckpoint({ from: denseTiny, to, weights: f32 });
  const moved = join(await temporaryFolder(), "elsewhere");
  await cp(to, moved, { recursive: true });
  await rm(to, { recursive: true });
  const { logits } = await (await GraphRunner.open(moved)).run({ rows: [{ id: 1, position: 0 }] });
  expect(logits.every(Number.isFinite)).toBe(true);
});
