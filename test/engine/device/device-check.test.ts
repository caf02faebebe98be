import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DeviceCheck } from "../../../src/engine/device/device-check.ts";
import { loadModelFolder } from "../../../src/model/index.ts";
import { goldenModel } from "../../golden/models.ts";

const model = await loadModelFolder(await goldenModel("carry-tiny"));
const gpu = { name: "Radeon", driver: "amdgpu", software: false };

test.each([
  ["this one's number", process.pid],
  ["a number that nobody has", 2 ** 30],
])("a mark that a process with %s left behind speaks against the device", async (_, pid) => {
  const folder = mkdtempSync(path.join(tmpdir(), "device-check-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const deviceMemory = path.join(folder, "devices.json");
  const check = new DeviceCheck(model, { device: "webgpu", threads: 1, deviceMemory }, gpu, "float32");
  let marked = "";
  const load = async () => {
    marked = readFileSync(deviceMemory, "utf8");
    throw new Error("the driver ends the process here");
  };
  const verdict = async () => await check.verdict(load, async () => []);
  await expect(verdict()).rejects.toThrow("ends the process here");
  writeFileSync(deviceMemory, marked.replace(`"pid":${process.pid}`, `"pid":${pid}`));
  expect(await verdict()).toEqual({ kind: "begun", pid });
});
