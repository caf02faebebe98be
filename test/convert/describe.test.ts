import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Checkpoint } from "../../src/convert/checkpoint/checkpoint.ts";
import { readCheckpointConfig } from "../../src/convert/checkpoint/config.ts";
import { describeCheckpoint, type Known } from "../../src/convert/checkpoint/describe.ts";
import { decodingKnobs } from "../../src/engine/index.ts";
import { mostBlockLength } from "../../src/model/index.ts";
import { dataFolder } from "../golden/safetensors.ts";
import { checkpointCopy, editJson, temporaryFolder } from "./folders.ts";

async function describeFolder(folder: string, known: Known = {}) {
  const source = await readCheckpointConfig(folder);
  const checkpoint = await Checkpoint.open(folder);
  try {
    return await describeCheckpoint(checkpoint, source, known);
  } finally {
    await checkpoint.close();
  }
}

async function described(name: string, changes: Readonly<Record<string, unknown>>, known: Known = {}) {
  return describeFolder(await checkpointCopy(name, changes), known);
}

test("a published layout is read as it stands", async () => {
  const { config, notes } = await describeFolder(join(dataFolder, "dense-tiny"));
  expect(config).toEqual({
    format: "sdar-chat-model",
    version: 1,
    name: "dense-tiny",
    architecture: {
      layers: 3,
      hiddenSize: 64,
      intermediateSize: 160,
      heads: 4,
      kvHeads: 2,
      headDim: 32,
      vocabSize: 512,
      ropeTheta: 1_000_000,
      normEps: 1e-6,
      tiedEmbeddings: false,
      qkNorm: true,
    },
    contextLength: 32_768,
    blockContext: "block",
    maskTokenId: 505,
    stopTokenIds: [502, 500],
    blockLength: 4,
    trainedBlockLengths: [4],
    topTokens: 64,
  });
  expect(notes).toEqual([]);
});

test("a carry-over model names its context, its carry token and what it was trained at", async () => {
  const { config } = await describeFolder(join(dataFolder, "carry-tiny"));
  expect(config).toMatchObject({
    blockContext: "causal",
    maskCarryTokenId: 506,
    trainedBlockLengths: [1, 4, 8, 16],
    architecture: { qkNorm: false, tiedEmbeddings: true, ropeTheta: 100_000 },
  });
});

test("a config.json without block length and mask id is SDAR's own, and both are said to be assumed", async () => {
  const missing = { block_size: undefined, mask_token_id: undefined };
  const folder = await checkpointCopy("dense-tiny", { ...missing, vocab_size: 151_936 });
  const { config, notes } = await describeFolder(folder);
  expect(config).toMatchObject({ blockLength: 4, trainedBlockLengths: [4], maskTokenId: 151_669 });
  expect(notes).toEqual([
    "config.json names no block length: 4 is assumed.",
    "config.json names no mask id: 151669 is assumed, SDAR's own.",
  ]);
});

test("what the caller knows goes before what the checkpoint says", async () => {
  const known = { name: "Mine", blockLength: 16, trainedBlockLengths: [16, 4, 4, 8], maskTokenId: 9 };
  const { config, notes } = await describeFolder(join(dataFolder, "dense-tiny"), known);
  expect(config).toMatchObject({
    name: "Mine",
    blockLength: 16,
    trainedBlockLengths: [4, 8, 16],
    maskTokenId: 9,
  });
  expect(notes).toEqual([]);
});

test("blocks may be as long as the knob goes", () => {
  const knob = decodingKnobs.find(({ key }) => key === "blockLength");
  expect(knob?.range).toMatchObject({ min: 1, max: mostBlockLength });
});

test.each([
  [{ blockLength: 0 }, 0],
  [{ blockLength: 257 }, 257],
  [{ trainedBlockLengths: [4, 0] }, 0],
  [{ trainedBlockLengths: [512] }, 512],
])("a caller's %j is refused as no block length", async (known, length) => {
  await expect(described("dense-tiny", {}, known)).rejects.toMatchObject({
    kind: "usage",
    message: `A block length must be a whole number, 1..256, not ${length}: so many positions are decoded together.`,
  });
});

test("an empty name is refused", async () => {
  await expect(described("dense-tiny", {}, { name: "" })).rejects.toMatchObject({ kind: "usage" });
});

test.each([
  [{ block_size: 512 }, {}, "--block-length"],
  [{ block_size: undefined, trained_block_lengths: [512] }, {}, "--block-length"],
  [{ trained_block_lengths: [4, 512] }, {}, "--trained"],
  [{ block_size: 512, trained_block_lengths: [4, 512] }, { blockLength: 4 }, "--trained"],
])("a config.json with %j, the caller knowing %j, is refused before anything is made", async (...args) => {
  const [changes, known, flag] = args;
  await expect(described("dense-tiny", changes, known)).rejects.toMatchObject({
    kind: "model-invalid",
    message: expect.stringMatching(
      `config.json names blocks of 512 positions, of which 256 can be decoded together at most: name shorter ones with ${flag}.`,
    ),
  });
});

test("what the caller says of its blocks goes before a config.json that could not be used", async () => {
  const { config } = await described("dense-tiny", { block_size: 512 }, { blockLength: 8 });
  expect(config).toMatchObject({ blockLength: 8, trainedBlockLengths: [8] });
  const listed = await described("dense-tiny", { trained_block_lengths: [] });
  expect(listed.config).toMatchObject({ blockLength: 4, trainedBlockLengths: [4] });
});

test("defaults of the caller are kept", async () => {
  const defaults = { strategy: "sequential" as const, blockLength: 8 };
  expect((await describeFolder(join(dataFolder, "dense-tiny"), { defaults })).config.defaults).toEqual(
    defaults,
  );
});

test("a mask id outside the vocabulary is refused", async () => {
  await expect(described("dense-tiny", { mask_token_id: undefined })).rejects.toThrow(
    /mask id 151669 lies outside the vocabulary of 512/,
  );
});

test("a carry token outside the vocabulary is refused", async () => {
  await expect(described("carry-tiny", { mask_carry_token_id: 512 })).rejects.toThrow(
    /carry token 512 lies outside the vocabulary of 512/,
  );
});

test("another layout without a mask id is asked for it", async () => {
  await expect(described("carry-tiny", { mask_token_id: undefined })).rejects.toThrow(/names no mask token/);
});

test("a newer config.json may keep its rope theta inside rope_parameters", async () => {
  const { config } = await described("dense-tiny", {
    rope_theta: undefined,
    rope_parameters: { rope_type: "default", rope_theta: 5000 },
  });
  expect(config.architecture.ropeTheta).toBe(5000);
});

test("heads and head size default as in Llama", async () => {
  const { config } = await described("dense-tiny", { num_key_value_heads: null, head_dim: null });
  expect(config.architecture).toMatchObject({ kvHeads: 4, headDim: 16 });
});

test("heads that don't fit together are refused", async () => {
  await expect(described("dense-tiny", { num_key_value_heads: 3 })).rejects.toThrow(/4 heads, 3 key heads/);
});

test("stop tokens: without generation_config.json the ends of turn and text are found by name", async () => {
  const folder = await checkpointCopy("dense-tiny");
  await rm(join(folder, "generation_config.json"));
  expect((await describeFolder(folder)).config.stopTokenIds).toEqual([502, 500]);
});

test("stop tokens: one number in generation_config.json is enough", async () => {
  const folder = await checkpointCopy("dense-tiny");
  await writeFile(join(folder, "generation_config.json"), '{ "eos_token_id": 7 }');
  expect((await describeFolder(folder)).config.stopTokenIds).toEqual([7]);
});

test("stop tokens: a checkpoint that names none is refused", async () => {
  const folder = await checkpointCopy("dense-tiny", { eos_token_id: null });
  for (const name of ["generation_config.json", "tokenizer.json", "tokenizer_config.json"]) {
    await rm(join(folder, name));
  }
  await expect(describeFolder(folder)).rejects.toThrow(/names no token that ends a reply/);
});

test("a stop token outside the vocabulary is refused", async () => {
  const folder = await checkpointCopy("dense-tiny");
  await writeFile(join(folder, "generation_config.json"), '{ "eos_token_id": [502, 151643] }');
  await expect(describeFolder(folder)).rejects.toThrow(/151643 .*outside the vocabulary/);
});

test("mixture-of-experts models are refused in one sentence", async () => {
  await expect(readCheckpointConfig(join(dataFolder, "moe-tiny"))).rejects.toThrow(
    /config.json describes a mixture-of-experts model \(sdar_moe\), which this version can't convert yet/,
  );
});

test("an unknown architecture is refused by name", async () => {
  await expect(described("dense-tiny", { model_type: "mamba" })).rejects.toThrow(/type "mamba"/);
  await expect(described("dense-tiny", { model_type: undefined })).rejects.toThrow(/type "none"/);
});

test.each([
  ["rope_scaling", { rope_scaling: { rope_type: "yarn", factor: 4 } }],
  ["rope_scaling", { rope_scaling: { type: "linear", factor: 2 } }],
  ["rope_parameters", { rope_parameters: { rope_type: "llama3", rope_theta: 1e6 } }],
  ["sliding_window", { sliding_window: 4096, use_sliding_window: true }],
  ["sliding_window", { sliding_window: 4096, use_sliding_window: undefined }],
  ["layer_types", { layer_types: ["full_attention", "sliding_attention"] }],
  ["attention_bias", { attention_bias: true }],
  ["mlp_bias", { mlp_bias: true }],
  ["partial_rotary_factor", { partial_rotary_factor: 0.5 }],
  ["hidden_act", { hidden_act: "gelu" }],
  ["quantization_config", { quantization_config: { quant_method: "fp8" } }],
])("%s is refused by name: %j", async (name, changes) => {
  await expect(described("dense-tiny", changes)).rejects.toThrow(new RegExp(`asks for ${name} = .*refused`));
});

test.each([
  ["an unused window", { sliding_window: 4096, use_sliding_window: false }],
  ["the default rope", { rope_scaling: { rope_type: "default" } }],
])("%s is no reason to refuse", async (_, changes) => {
  expect((await described("dense-tiny", changes)).config.contextLength).toBe(32_768);
});

test("a missing or impossible field is named", async () => {
  await expect(described("dense-tiny", { hidden_size: undefined })).rejects.toThrow(
    /config.json .*hidden_size/,
  );
  await expect(described("dense-tiny", { num_hidden_layers: 2.5 })).rejects.toThrow(/num_hidden_layers/);
});

test("a damaged config.json is named", async () => {
  const folder = await checkpointCopy("dense-tiny");
  await writeFile(join(folder, "config.json"), '{ "model_type": "sdar"');
  await expect(describeFolder(folder)).rejects.toThrow(/config.json is no valid JSON/);
});

test("a folder without config.json is no checkpoint, and neither is none", async () => {
  await expect(readCheckpointConfig(await temporaryFolder())).rejects.toThrow(/no checkpoint folder/);
  await expect(readCheckpointConfig("/nowhere")).rejects.toThrow(/\/nowhere is no checkpoint folder/);
});

test("a damaged tokenizer.json is named when its tokens are needed", async () => {
  const folder = await checkpointCopy("dense-tiny");
  await rm(join(folder, "generation_config.json"));
  await editJson(join(folder, "tokenizer.json"), (tokenizer) =>
    Object.assign(tokenizer, { added_tokens: 3 }),
  );
  await expect(describeFolder(folder)).rejects.toThrow(/tokenizer.json .*added_tokens/);
});
