import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { loadModelFolder, verifyChecksums } from "../../src/model/index.ts";
import { temporaryFolder } from "../convert/folders.ts";
import { dataFolder } from "../golden/safetensors.ts";

const run = promisify(execFile);
const script = join(import.meta.dirname, "../../assets/build.ts");
const build = (...args: string[]) => run(process.execPath, [script, ...args]);

test("the embedded model is made with its own name and defaults, and made again it is the same", async () => {
  const parent = await temporaryFolder();
  const target = join(parent, "model");
  const embedded = JSON.parse(await readFile(join(script, "../embedded.json"), "utf8"));
  const sums = [];
  for (let time = 0; time < 2; time++) {
    await build(join(dataFolder, "carry-tiny"), target);
    sums.push(await readFile(join(target, "SHA256SUMS"), "utf8"));
  }
  expect(sums[1]).toBe(sums[0]);
  const folder = await loadModelFolder(target);
  expect(folder.config).toMatchObject(embedded);
  await verifyChecksums(folder);
  expect(await readdir(parent)).toEqual(["model"]);
});

test("a build that fails leaves the model that was there", async () => {
  const target = join(await temporaryFolder(), "model");
  await build(join(dataFolder, "carry-tiny"), target);
  await expect(build(join(dataFolder, "moe-tiny"), target)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^.*mixture-of-experts.*\n$/),
  });
  await loadModelFolder(target);
});

test("a build without a checkpoint says how it is called", async () => {
  await expect(build()).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/usage: npm run/) });
});
