import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { findModelFolder, knownModels } from "../../src/model/index.ts";
import { temporaryFolder } from "./folders.ts";

async function places() {
  const data = await temporaryFolder();
  const models = path.join(data, "models");
  await mkdir(path.join(models, "small"), { recursive: true });
  await mkdir(path.join(models, ".half-made"));
  await writeFile(path.join(models, "notes.txt"), "");
  return { models, embedded: path.join(data, "embedded") };
}

test("without a wish the embedded model is meant", async () => {
  const where = await places();
  expect(await findModelFolder(undefined, where)).toBe(where.embedded);
  expect(await findModelFolder("embedded", where)).toBe(where.embedded);
});

test("a path comes before a name, and a name is looked for among the models", async () => {
  const where = await places();
  expect(await findModelFolder("small", where)).toBe(path.join(where.models, "small"));
  expect(await findModelFolder(where.models, where)).toBe(where.models);
  expect(await findModelFolder("test", where)).toBe(path.resolve("test"));
});

test("a path may begin with the home folder", async () => {
  const where = await places();
  vi.stubEnv("HOME", path.dirname(where.models));
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await findModelFolder("~/models/small", where)).toBe(path.join(where.models, "small"));
});

test("an unknown name is answered with the known ones and the command that makes it", async () => {
  const where = await places();
  expect(await knownModels(where)).toEqual([
    { name: "embedded", path: where.embedded },
    { name: "small", path: path.join(where.models, "small") },
  ]);
  await expect(findModelFolder("large", where)).rejects.toMatchObject({
    kind: "model-missing",
    message:
      `There is no model large: neither here nor in ${where.models}. Known names: embedded, small. ` +
      `Make a model folder with: sdar-chat convert CHECKPOINT ${path.join(where.models, "large")}`,
  });
  await expect(findModelFolder("some/where", where)).rejects.toThrow(/nothing is there/);
});

test("a models folder that does not exist is like an empty one", async () => {
  expect(await knownModels({ models: "/nowhere/models", embedded: "/x" })).toEqual([
    { name: "embedded", path: "/x" },
  ]);
});
