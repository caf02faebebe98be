import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { loadModelFolder } from "../../src/model/index.ts";
import { goldenData, modelFolder, temporaryFolder, tinyConfig } from "./folders.ts";

test("a whole folder gives its configuration and the hash of its weights", async () => {
  const folder = await loadModelFolder(await modelFolder());
  expect(folder.config).toEqual(tinyConfig);
  expect(folder.weightsHash).toBe(folder.checksums.get("model.onnx.data"));
  expect(folder.weightsHash).toMatch(/^[0-9a-f]{64}$/);
});

test("where nothing is, the sentence names the command that makes a model", async () => {
  const nowhere = path.join(await temporaryFolder(), "nowhere");
  await expect(loadModelFolder(nowhere)).rejects.toMatchObject({
    kind: "model-missing",
    message: `There is no model folder at ${nowhere}. Make one with: sdar-chat convert CHECKPOINT ${nowhere}`,
  });
});

test("a checkpoint is told apart from a model folder", async () => {
  const checkpoint = path.join(goldenData, "dense-tiny");
  await expect(loadModelFolder(checkpoint)).rejects.toMatchObject({
    kind: "model-invalid",
    message: expect.stringContaining(`sdar-chat convert ${checkpoint} ${checkpoint}-onnx`),
  });
});

test("a file in place of a folder is refused", async () => {
  const file = path.join(await modelFolder(), "model.onnx");
  await expect(loadModelFolder(file)).rejects.toThrow(/is a file; a model is a folder/);
});

test("a folder of a newer version asks for an update", async () => {
  const folder = await modelFolder();
  await writeFile(
    path.join(folder, "config.json"),
    JSON.stringify({ ...tinyConfig, version: 2, more: true }),
  );
  await expect(loadModelFolder(folder)).rejects.toThrow(/model folder version 2; this one reads 1.*update/);
});

test.each([
  ["{", /config.json is not JSON/],
  [JSON.stringify({ ...tinyConfig, contextLength: -1 }), /config.json: contextLength: /],
])("a configuration that cannot be read is refused: %.20s", async (config, message) => {
  const folder = await modelFolder();
  await writeFile(path.join(folder, "config.json"), config);
  await expect(loadModelFolder(folder)).rejects.toThrow(message);
});

test.each(["model.onnx", "model.onnx.data", "tokenizer.json", "tokenizer_config.json", "SHA256SUMS"])(
  "a folder without %s is refused by name",
  async (name) => {
    const folder = await modelFolder();
    await rm(path.join(folder, name));
    await expect(loadModelFolder(folder)).rejects.toMatchObject({
      kind: "model-invalid",
      message: expect.stringContaining(`${name} is missing`),
    });
  },
);
