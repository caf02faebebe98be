import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { FallbackGraph } from "../../src/engine/graph/fallback-graph.ts";
import { provenRows } from "../../src/engine/graph/webgpu-adapter.ts";
import { openEngine, openEngineProcess, type EngineInfo } from "../../src/engine/index.ts";
import { Session } from "../../src/engine/decoding/session.ts";
import { goldenModelCopy } from "../engine/model-copy.ts";
import { decode, largestDifference, probe } from "../golden/decoded.ts";
import { differencesOf, vectorCases } from "../golden/vectors.ts";
import { endOf, eventsOf, settingsWith } from "../synthetic/running.ts";
import { feed, sessionsIn, words } from "./sessions.ts";
import { overwriteVector, shiftWeight } from "./damage.ts";
import { useAdapter } from "./software-adapter.ts";

const { missing, where } = useAdapter("llvmpipe");
const { open, sessionOf, closeAll } = sessionsIn("float16");

afterAll(closeAll);

/** Verdicts of a device in both floats. */
const memorySchema = z.record(
  z.string(),
  z.looseObject({ kind: z.literal("right"), divergence: z.number() }),
);

/** Logits of these models reach 20, and weights drawn at random make much of roundings: they are 0.02 off on average. */
const rounding = 1;

/** What an engine that is opened on the device says of itself. */
async function infoOf(folder: string, deviceMemory?: string): Promise<EngineInfo> {
  const memory = deviceMemory === undefined ? {} : { deviceMemory };
  const engine = await openEngine(folder, { device: "webgpu", threads: 1, ...memory });
  await engine.close();
  return engine.info;
}

/** On the device, in 32-bit floats, which are right. */
const inWhole = (whyNotHalf: unknown) => ({
  device: "webgpu",
  deviceCheck: { floats: "float32", verdict: { kind: "right" }, whyNotHalf },
});

describe.skipIf(missing !== undefined)(`WebGPU in 16-bit floats, ${where}`, { timeout: 600_000 }, () => {
  test.each(["dense-tiny", "carry-tiny"] as const)(
    "%s: both floats are checked, and those whose passes are quicker are taken",
    async (name) => {
      const folder = await goldenModelCopy(name);
      const deviceMemory = join(folder, "devices.json");
      const openAgain = () => openEngineProcess(folder, { device: "webgpu", threads: 1, deviceMemory });
      await (await openAgain()).close();
      const known = memorySchema.parse(JSON.parse(await readFile(deviceMemory, "utf8")));
      const [half, whole] = Object.entries(known);
      if (half === undefined || whole === undefined) throw new Error("two verdicts were expected");
      // 32-bit floats are within 1e-10: the others are not those
      expect(half[1].divergence).toBeGreaterThan(1e-6);
      expect(half[1].divergence).toBeLessThan(2e-3);
      expect(whole[1].divergence).toBeLessThan(1e-8);

      const request = { promptIds: words(9), settings: settingsWith({ maxTokens: 12 }), stopTokenIds: [] };
      for (const [floats, times] of [
        ["float16", [1, 2]],
        ["float32", [2, 1]],
      ] as const) {
        const told = [half, whole].map(([key, verdict], index) => [
          key,
          { ...verdict, device: [[1, times[index]]] },
        ]);
        await writeFile(deviceMemory, JSON.stringify(Object.fromEntries(told)));
        const engine = await openAgain();
        expect(engine.info).toMatchObject({
          device: "webgpu",
          adapter: { name: "llvmpipe", software: true },
          deviceCheck: { floats, verdict: { kind: "right" } },
        });
        const [first, second] = [await eventsOf(engine, request), await eventsOf(engine, request)];
        expect(endOf(first)).toMatchObject({ reason: "length" });
        expect(endOf(second).ids).toEqual(endOf(first).ids);
        await engine.close();
      }
    },
  );

  test("every forward gives the official logits, but for rounding", async () => {
    const fitting = vectorCases.filter(({ given }) => given.block_length <= provenRows);
    expect(fitting.length).toBeGreaterThan(12);
    for (const each of fitting) {
      const differences = await differencesOf(each, await sessionOf(each.name, "webgpu"));
      expect([each.id, Math.max(...differences) < rounding]).toEqual([each.id, true]);
    }
  });

  test("a cache of half the bytes grows through borders of its buffer, and is cut", async () => {
    const [gpu, cpu] = [await sessionOf("dense-tiny", "webgpu"), await sessionOf("dense-tiny", "cpu")];
    expect([gpu.graph.cacheNumberBytes, cpu.graph.cacheNumberBytes]).toEqual([2, 4]);
    const ids = words(530);
    const chunk = gpu.graph.mostRows;
    const borders = [1, chunk, 255, 257, 511, 513, ids.length];
    for (const [index, end] of borders.entries()) {
      const part = ids.slice(borders[index - 1] ?? 0, end);
      await feed(gpu.graph, part, chunk);
      await feed(cpu.graph, part, 64);
      const difference = largestDifference(await probe(gpu), await probe(cpu));
      expect([end, difference < rounding]).toEqual([end, true]);
    }
    for (const session of [gpu, cpu]) session.graph.truncate(37);
    expect(largestDifference(await probe(gpu), await probe(cpu))).toBeLessThan(rounding);
  });

  test("a device lost in mid-answer: the answer goes on on the CPU", async () => {
    const { config, graph } = await open("dense-tiny", "webgpu");
    const fallback = new FallbackGraph(graph, async () => (await open("dense-tiny", "cpu")).graph);
    const settings = settingsWith({ maxTokens: 12 });
    let passes = 0;
    const settingsAt = () => {
      if (++passes === 9) void graph.close();
      return settings;
    };
    const found = await decode(new Session(config, fallback), { promptIds: words(40), settings, settingsAt });
    expect(found.ids).toHaveLength(40 + 12);
    expect([fallback.device, fallback.cacheNumberBytes]).toEqual(["cpu", 4]);
    await fallback.close();
  });

  test("numbers that run over are noticed, and 32-bit floats computed in instead", async () => {
    const folder = await goldenModelCopy("dense-tiny");
    await overwriteVector(folder, "model.layers.1.post_attention_layernorm.weight", 3e4);
    expect(await infoOf(folder)).toMatchObject(inWhole(expect.stringContaining("Its numbers ran over")));
  });

  test("a graph that can't be loaded leads to 32-bit floats, and that is remembered", async () => {
    const folder = await goldenModelCopy("dense-tiny");
    const deviceMemory = join(folder, "devices.json");
    await writeFile(join(folder, "model.webgpu-f16.onnx"), "no graph");
    const whyNotHalf = expect.stringContaining("model.webgpu-f16.onnx can't be loaded");
    expect(await infoOf(folder, deviceMemory)).toMatchObject(inWhole(whyNotHalf));
    const remembered = Object.values(JSON.parse(await readFile(deviceMemory, "utf8")));
    expect(remembered).toContainEqual({ kind: "wrong", why: whyNotHalf });
  });

  test("where a driver ended the process in 16-bit floats, it is asked for 32 the next time", async () => {
    const folder = await goldenModelCopy("dense-tiny");
    const deviceMemory = join(folder, "devices.json");
    await infoOf(folder, deviceMemory);
    const [[half] = [""], ...rest] = Object.entries(JSON.parse(await readFile(deviceMemory, "utf8")));
    const gone = 2 ** 22 + 1;
    await writeFile(
      deviceMemory,
      JSON.stringify({ [half]: { kind: "begun", pid: gone }, ...Object.fromEntries(rest) }),
    );
    expect(await infoOf(folder, deviceMemory)).toMatchObject(inWhole("a check of it did not come back"));
  });

  test("one wrong weight in that graph alone leads to 32-bit floats on the same device", async () => {
    const folder = await goldenModelCopy("carry-tiny");
    await shiftWeight(join(folder, "model.webgpu-f16.onnx"), "model.layers.1.input_layernorm.weight");
    const why = expect.stringMatching(/^its numbers are wrong: [\d.]+ nats/);
    expect(await infoOf(folder)).toMatchObject(inWhole(why));
  });

  test("wrong in both, it is not used, and the CPU answers", async () => {
    const folder = await goldenModelCopy("carry-tiny");
    for (const file of ["model.webgpu-f16.onnx", "model.webgpu.onnx"])
      await shiftWeight(join(folder, file), "model.layers.1.input_layernorm.weight");
    expect(await infoOf(folder)).toMatchObject({
      device: "cpu",
      deviceReason: expect.stringMatching(/^llvmpipe is not used: its numbers are wrong/),
    });
  });
});
