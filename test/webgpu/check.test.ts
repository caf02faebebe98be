import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DeviceMemory } from "../../src/engine/device/verdicts.ts";
import { hasGpu, openEngine, openEngineProcess } from "../../src/engine/index.ts";
import { goldenModelCopy } from "../engine/model-copy.ts";
import { endOf, eventsOf, ofType, settingsWith } from "../synthetic/running.ts";
import { shiftWeight } from "./damage.ts";
import { useAdapter } from "./software-adapter.ts";

const { missing, where } = useAdapter("SwiftShader");

test.skipIf(hasGpu())(
  "auto takes the CPU where there is no GPU, and a driver in software is none",
  async () => {
    const engine = await openEngine(await goldenModelCopy("dense-tiny"), { device: "auto", threads: 1 });
    expect(engine.info).toMatchObject({ device: "cpu", deviceReason: "No GPU was found." });
    await engine.close();
  },
);

describe.skipIf(missing !== undefined)(`the check of a device, ${where}`, { timeout: 600_000 }, () => {
  test("right numbers are remembered, with the rows that a pass may have", async () => {
    const folder = await goldenModelCopy("carry-tiny");
    const deviceMemory = join(folder, "devices.json");
    const engine = await openEngineProcess(folder, { device: "webgpu", threads: 1, deviceMemory });
    expect(engine.info).toMatchObject({
      device: "webgpu",
      deviceReason: "SwiftShader was asked for; its numbers are right.",
      adapter: { name: "SwiftShader", software: true },
    });
    expect(engine.info.deviceCheck).toMatchObject({
      floats: "float32",
      whyNotHalf: "it has no 16-bit floats",
    });
    const keys = Object.keys(JSON.parse(await readFile(deviceMemory, "utf8")));
    for (const key of keys) expect(key).toMatch(/^SwiftShader .*ONNX Runtime \d/);
    const memory = new DeviceMemory(deviceMemory);
    const verdicts = keys.map((key) => memory.recall(key));
    expect(verdicts).toHaveLength(2);
    expect(verdicts).toContainEqual({ kind: "wrong", why: "it has no 16-bit floats" });
    expect(verdicts).toContainEqual(expect.objectContaining({ kind: "right", rows: 31 }));

    process.kill(engine.pid ?? 0, "SIGKILL");
    await expect.poll(() => isAlive(engine.pid)).toBe(false);
    const events = await eventsOf(engine, { promptIds: [1, 2, 3], settings: settingsWith({ maxTokens: 4 }) });
    expect(events[0]).toMatchObject({ type: "device_changed", device: "cpu" });
    expect(events.at(-1)).toMatchObject({ type: "finished" });
    expect(engine.info.device).toBe("cpu");
    await engine.close();
  });

  test("a process that its driver ends in mid-answer is followed by one on the CPU, and the answer goes on", async () => {
    const folder = await goldenModelCopy("carry-tiny");
    const engine = await openEngineProcess(folder, { device: "webgpu", threads: 1 });
    const request = {
      promptIds: [1, 2, 3],
      settings: settingsWith({ maxTokens: 24 }),
      stopTokenIds: [],
    };
    const wanted = endOf(await eventsOf(engine, request));
    let passes = 0;
    const events = await eventsOf(engine, request, (event) => {
      if (event.type === "denoised" && ++passes === 7) process.kill(engine.pid ?? 0, "SIGKILL");
    });
    expect(ofType(events, "device_changed")).toMatchObject([{ device: "cpu" }]);
    expect(endOf(events)).toMatchObject({ reason: "length", ids: wanted.ids });
    expect(engine.info.device).toBe("cpu");
    await engine.close();
  });

  test("a graph with one wrong weight leads to the CPU, though the device was named", async () => {
    const folder = await goldenModelCopy("carry-tiny");
    await shiftWeight(join(folder, "model.webgpu.onnx"), "model.layers.1.input_layernorm.weight");
    const engine = await openEngine(folder, { device: "webgpu", threads: 1 });
    expect(engine.info.device).toBe("cpu");
    expect(engine.info.deviceReason).toMatch(/^SwiftShader is not used: its numbers are wrong: [\d.]+ nats/);
    await engine.close();
  });
});

function isAlive(pid: number | undefined): boolean {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
}
