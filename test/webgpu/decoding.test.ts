import { afterAll, describe, expect, test } from "vitest";
import { FallbackGraph } from "../../src/engine/graph/fallback-graph.ts";
import { remaskingStrategies } from "../../src/engine/index.ts";
import { LocalEngine } from "../../src/engine/local-engine.ts";
import { Session } from "../../src/engine/decoding/session.ts";
import { provenRows } from "../../src/engine/graph/webgpu-adapter.ts";
import { decode, largestDifference, probe } from "../golden/decoded.ts";
import type { GoldenName } from "../golden/models.ts";
import { differencesOf, vectorCases } from "../golden/vectors.ts";
import { goldenTraces, settingsOf, speculativeTraces } from "../golden/traces.ts";
import { eventsOf, finish, settingsWith } from "../synthetic/running.ts";
import { feed, sessionsIn, words } from "./sessions.ts";
import { useAdapter } from "./software-adapter.ts";

const { missing, where } = useAdapter("SwiftShader");
const forms = ["dense-tiny", "carry-tiny"] as const;
const { open, sessionOf, closeAll } = sessionsIn("float32");

afterAll(closeAll);

async function engineOf(name: GoldenName): Promise<LocalEngine> {
  const session = await sessionOf(name, "webgpu");
  const info = { device: "webgpu", deviceReason: "for tests", threads: 0, loadMilliseconds: 0 } as const;
  return new LocalEngine({ model: session.config, ...info }, session);
}

describe.skipIf(missing !== undefined)(`WebGPU, ${where}`, { timeout: 600_000 }, () => {
  test("every forward gives the official logits", async () => {
    const fitting = vectorCases.filter(({ given }) => given.block_length <= provenRows);
    expect(fitting.length).toBeGreaterThan(12);
    for (const each of fitting) {
      const differences = await differencesOf(each, await sessionOf(each.name, "webgpu"));
      expect([each.id, Math.max(...differences) < 5e-4]).toEqual([each.id, true]);
    }
  });

  test.each(forms)("%s: decodes as the official code does, step by step", async (name) => {
    const engine = await engineOf(name);
    expect(engine.info).toMatchObject({ device: "webgpu", threads: 0 });
    const all = goldenTraces(name === "carry-tiny" ? "carry" : name);
    const chosen = remaskingStrategies.flatMap(
      (strategy) =>
        all.findLast(({ settings }) => settings.strategy === strategy && settings.block_length <= 16) ?? [],
    );
    expect(chosen).toHaveLength(4);
    for (const golden of chosen) {
      const { prompt: promptIds, settings } = golden;
      const stopTokenIds = settings.stop_token_ids;
      const trace = await engine.trace({ promptIds, settings: settingsOf(golden), stopTokenIds });
      expect(trace.ids).toEqual(golden.ids);
      expect(trace.steps.map(({ tokens, unmasked }) => ({ tokens, unmasked }))).toEqual(
        golden.steps.map(({ tokens, unmasked }) => ({ tokens, unmasked })),
      );
      const found = Float32Array.from(trace.steps.flatMap(({ confidence }) => confidence));
      const wanted = Float32Array.from(golden.steps.flatMap(({ confidence }) => confidence));
      expect(largestDifference(found, wanted)).toBeLessThan(5e-4);
    }
  });

  test.each(forms)("%s: guesses and checks as the golden traces do", async (name) => {
    const engine = await engineOf(name);
    const golden = speculativeTraces(name === "carry-tiny" ? "carry" : "self-speculative").find(
      (each) => each.model === name,
    );
    if (golden === undefined) throw new Error(`no trace of ${name}`);
    const { prompt: promptIds, settings } = golden;
    const stopTokenIds = settings.stop_token_ids;
    const trace = await engine.traceSpeculation({ promptIds, settings: settingsOf(golden), stopTokenIds });
    expect(trace.ids).toEqual(golden.ids);
    expect(trace.passes.map(({ verified, accepted }) => [verified, accepted])).toEqual(
      golden.passes.map(({ verified, accepted }) => [verified, accepted]),
    );
  });

  test("a cache that grows through borders of chunks and of its buffer gives the CPU's logits at each of them", async () => {
    const [gpu, cpu] = [await sessionOf("dense-tiny", "webgpu"), await sessionOf("dense-tiny", "cpu")];
    const ids = words(530);
    const chunk = gpu.graph.mostRows;
    const borders = [1, chunk - 1, chunk, chunk + 1, 2 * chunk, 255, 256, 257, 511, 512, 513, ids.length];
    for (const [index, end] of borders.entries()) {
      const part = ids.slice(borders[index - 1] ?? 0, end);
      await feed(gpu.graph, part, chunk);
      await feed(cpu.graph, part, 64);
      const found = await probe(gpu);
      const difference = largestDifference(found, await probe(cpu));
      expect([end, difference < 5e-4]).toEqual([end, true]);
    }
    for (const session of [gpu, cpu]) session.graph.truncate(37);
    expect(largestDifference(await probe(gpu), await probe(cpu))).toBeLessThan(5e-4);
  });

  test.each([...forms, "carry-zero", "mask-neurons"] as const)(
    "%s: a second turn uses the cache of the first and says what the CPU says",
    async (name) => {
      const settings = settingsWith({ strategy: "low_confidence_dynamic", threshold: 0.5, maxTokens: 8 });
      const turns = await Promise.all(
        (["webgpu", "cpu"] as const).map(async (device) => {
          const session = await sessionOf(name, device);
          session.graph.truncate(0);
          const first = await decode(session, { promptIds: words(50), settings });
          const request = { promptIds: [...first.ids, ...words(5)], borders: first.borders, settings };
          return { first, second: await decode(session, request) };
        }),
      );
      const [gpu, cpu] = turns;
      expect(gpu?.first.ids).toEqual(cpu?.first.ids);
      expect(gpu?.second.ids).toEqual(cpu?.second.ids);
      expect(gpu?.second.reused).toBe(cpu?.second.reused);
      expect(gpu?.second.reused).toBeGreaterThan(40);
    },
  );

  test("a model that chains its guesses brings the rows that they come from, as on the CPU", async () => {
    const passes = await Promise.all(
      (["webgpu", "cpu"] as const).map(async (device) => {
        const { graph, rows } = await sessionOf("chained", device);
        await feed(graph, words(20), 20);
        rows.clear();
        for (const [index, id] of [7, 505, 505].entries()) rows.add(id, 20 + index);
        for (const row of [0, 2, 1]) rows.ask(21 + row, row);
        rows.look((row, other) => other < row);
        return await graph.run(rows, 0.5, false);
      }),
    );
    const [gpu, cpu] = passes.map(({ hidden }) => hidden ?? new Float32Array(0));
    expect(gpu).toHaveLength(3 * 64);
    expect(largestDifference(gpu ?? new Float32Array(0), cpu ?? new Float32Array(0))).toBeLessThan(5e-4);
  });

  test("it makes the guesses that it makes on the CPU", async () => {
    const settings = settingsWith({ strategy: "self_speculative", blockLength: 4, maxTokens: 16 });
    const [gpu, cpu] = await Promise.all(
      (["webgpu", "cpu"] as const).map(async (device) =>
        decode(await sessionOf("chained", device), { promptIds: words(20), settings }),
      ),
    );
    expect(gpu?.ids).toEqual(cpu?.ids);
    const guessesOf = (found: typeof gpu) =>
      found?.steps[0]?.readings.map(({ token, confidence }) => [token, confidence.toFixed(2)]);
    expect(guessesOf(gpu)).toEqual(guessesOf(cpu));
  });

  test("Esc ends an answer between two passes, and knobs turn in the middle of one", async () => {
    const engine = await engineOf("dense-tiny");
    const stop = new AbortController();
    const request = { promptIds: words(5), settings: settingsWith({ maxTokens: 40 }), stopTokenIds: [] };
    const events = await eventsOf(engine, { ...request, signal: stop.signal }, (event) => {
      if (event.type === "block_finished" && event.block === 0)
        engine.adjust({ strategy: "low_confidence_static" });
      if (event.type === "block_finished" && event.block === 1) stop.abort();
    });
    expect(events.at(-1)).toMatchObject({ type: "finished", reason: "aborted" });
    const strategies = events.flatMap((event) => (event.type === "denoised" ? event.settings.strategy : []));
    expect(new Set(strategies)).toEqual(new Set(["sequential", "low_confidence_static"]));
  });

  test("a device lost in mid-answer: the answer goes on on the CPU, and says the same", async () => {
    const { config, graph } = await open("dense-tiny", "webgpu");
    const fallback = new FallbackGraph(graph, async () => (await open("dense-tiny", "cpu")).graph);
    const settings = settingsWith({ maxTokens: 12 });
    const request = { promptIds: words(40), settings };
    const wanted = await decode(await sessionOf("dense-tiny", "cpu"), request);
    let passes = 0;
    const settingsAt = () => {
      if (++passes === 9) void graph.close();
      return settings;
    };
    const found = await decode(new Session(config, fallback), { ...request, settingsAt });
    expect(found.ids).toEqual(wanted.ids);
    expect(fallback.device).toBe("cpu");
    expect(fallback.takeNews()).toContain("the answer goes on on the CPU");
    await fallback.close();
  });

  test("device memory after a thousand turns is what it was after fifty: no buffer is left behind", async () => {
    const engine = await engineOf("carry-tiny");
    const turns = async (from: number, to: number) => {
      for (let turn = from; turn < to; turn++) {
        const settings = settingsWith({ strategy: "self_speculative", maxTokens: 2 });
        await finish(engine, { promptIds: words(4 + (turn % 9)), settings, stopTokenIds: [] });
      }
      const { rss, heapTotal } = process.memoryUsage();
      return rss - heapTotal; // JavaScript's own heap grows and shrinks as it likes
    };
    const few = await turns(0, 50);
    const many = await turns(50, 1000);
    // A pass that left one buffer behind would leave thousands: 4 kB each are more than this.
    expect(many - few).toBeLessThan(16e6);
  });
});
