import { rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { loadModelFolder, verifyChecksums } from "../../src/model/index.ts";
import { modelFolder, temporaryFolder } from "./folders.ts";

const names = [
  "chat_template.jinja",
  "config.json",
  "model.onnx",
  "model.onnx.data",
  "tokenizer.json",
  "tokenizer_config.json",
];

/** Other bytes of the same length, under the old time: what only reading can find. */
async function damage(file: string): Promise<void> {
  const { atime, mtime } = await stat(file);
  await writeFile(file, "wEights");
  await utimes(file, atime, mtime);
}

test("every file of a whole folder is read and found right", async () => {
  const folder = await loadModelFolder(await modelFolder());
  expect(await verifyChecksums(folder)).toEqual({ read: names, remembered: [] });
});

test("a damaged file is named, with what to do", async () => {
  const folder = await loadModelFolder(await modelFolder());
  await damage(path.join(folder.path, "model.onnx.data"));
  await expect(verifyChecksums(folder)).rejects.toMatchObject({
    kind: "model-invalid",
    message: expect.stringMatching(/^model.onnx.data in .* is damaged.*Convert or copy the model again\.$/),
  });
});

test("a file that went away is named", async () => {
  const folder = await loadModelFolder(await modelFolder());
  await rm(path.join(folder.path, "chat_template.jinja"));
  await expect(verifyChecksums(folder)).rejects.toThrow(/lacks chat_template.jinja/);
});

test("a file is read again only when its size or time has changed", async () => {
  const folder = await loadModelFolder(await modelFolder());
  const memory = path.join(await temporaryFolder(), "cache", "checked.json");
  await verifyChecksums(folder, { memory });
  expect(await verifyChecksums(folder, { memory })).toEqual({ read: [], remembered: names });
  await utimes(path.join(folder.path, "model.onnx"), 1, 1);
  expect(await verifyChecksums(folder, { memory })).toMatchObject({ read: ["model.onnx"] });
  expect(await verifyChecksums(folder, { memory })).toMatchObject({ read: [] });
});

test("a damaged file is never remembered as whole, and force reads what is remembered", async () => {
  const folder = await loadModelFolder(await modelFolder());
  const memory = path.join(await temporaryFolder(), "checked.json");
  await verifyChecksums(folder, { memory });
  await damage(path.join(folder.path, "model.onnx.data"));
  await expect(verifyChecksums(folder, { memory, force: true })).rejects.toThrow(/damaged/);
  await writeFile(path.join(folder.path, "model.onnx.data"), "other weights");
  await expect(verifyChecksums(folder, { memory })).rejects.toThrow(/damaged/);
  await expect(verifyChecksums(folder, { memory })).rejects.toThrow(/damaged/);
});

test("a memory that cannot be read or written only costs time", async () => {
  const folder = await loadModelFolder(await modelFolder());
  const memory = path.join(await temporaryFolder(), "checked.json");
  await writeFile(memory, "{ torn");
  expect(await verifyChecksums(folder, { memory })).toMatchObject({ read: names });
  expect(await verifyChecksums(folder, { memory: "/dev/null/checked.json" })).toMatchObject({ read: names });
});
