import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runError } from "../../src/engine/graph/graph-errors.ts";
import { countOfList, threadsPerCore } from "../../src/engine/device/hardware.ts";
import { openEngine } from "../../src/engine/index.ts";
import { goldenModelCopy } from "./model-copy.ts";

const options = { device: "cpu", threads: 1 } as const;

test("a graph that is no graph is refused with the file's name and what to do", async () => {
  const folder = await goldenModelCopy("dense-tiny");
  await writeFile(join(folder, "model.onnx"), "not a graph");
  const opening = openEngine(folder, options);
  await expect(opening).rejects.toMatchObject({ name: "UserError", kind: "model-invalid" });
  await expect(opening).rejects.toThrow(/model\.onnx can't be loaded: .* convert the checkpoint again/);
});

test("weights that were cut short are refused", async () => {
  const folder = await goldenModelCopy("dense-tiny");
  await truncate(join(folder, "model.onnx.data"), 1000);
  await expect(openEngine(folder, options)).rejects.toMatchObject({ kind: "model-invalid" });
});

test("a folder that is not there is missing, not invalid", async () => {
  await expect(openEngine("/nowhere/at/all", options)).rejects.toMatchObject({ kind: "model-missing" });
});

test("threads are those asked for, or one a physical core", async () => {
  const folder = await goldenModelCopy("dense-tiny");
  for (const threads of [0, 1, 3]) {
    const engine = await openEngine(folder, { ...options, threads });
    expect(engine.info.threads).toBeGreaterThanOrEqual(Math.max(1, threads));
    expect(engine.info.threads === threads || threads === 0).toBe(true);
    await engine.close();
  }
});

test("lists of hardware threads are counted as Linux writes them", () => {
  expect(["0\n", "0,4\n", "0-1\n", "0-1,8-9\n", ""].map(countOfList)).toEqual([1, 2, 2, 4, 1]);
  expect(threadsPerCore()).toBeGreaterThanOrEqual(1);
});

test("running out of memory in a pass is said as that", () => {
  for (const text of [
    "std::bad_alloc",
    "Array buffer allocation failed",
    "Failed to allocate memory for requested buffer",
  ]) {
    expect(runError(new Error(text))).toMatchObject({
      kind: "engine",
      message: expect.stringContaining("memory did not suffice"),
    });
  }
  expect(runError(new Error("a kernel broke\nsecond line")).message).toBe(
    "A pass of the model failed: a kernel broke.",
  );
});
