import { expect, test } from "vitest";
import {
  compareDecoding,
  contenders,
  decodingFigures,
  figuresByKind,
  lastTexts,
  likelihoodInOrder,
  measureOverhead,
  memoryReadTime,
  passCosts,
} from "../../src/bench/index.ts";
import { defaultSettings, openEngine, openModelGraph, type Denoised } from "../../src/engine/index.ts";
import { goldenModel } from "../golden/models.ts";

const options = { device: "cpu", threads: 1 } as const;
const promptIds = [202, 493, 231, 334, 378, 315, 332, 80, 319, 7];
const inOrder = { ...defaultSettings(1), strategy: "sequential", maxTokens: 40 } as const;

/** One token at a time, greedy, and what the engine itself was sure of at each. */
async function decodeInOrder(folder: string): Promise<{ ids: number[]; logs: number[] }> {
  const engine = await openEngine(folder, options);
  const steps: Denoised[] = [];
  for await (const event of engine.generate({ promptIds, settings: inOrder, stopTokenIds: [] })) {
    if (event.type === "denoised") steps.push(event);
  }
  await engine.close();
  const slots = steps.flatMap((step) => step.slots);
  return { ids: slots.map((slot) => slot.token), logs: slots.map((slot) => Math.log(slot.confidence)) };
}

test.each(["dense-tiny", "carry-tiny", "carry-zero"] as const)(
  "the likelihood of what %s decoded one token at a time is what it was sure of then",
  async (name) => {
    const folder = await goldenModel(name);
    const { ids, logs } = await decodeInOrder(folder);
    const { config, graph } = await openModelGraph(folder, options);
    const found = await likelihoodInOrder(graph, config, [...promptIds, ...ids], promptIds.length);
    await graph.close();
    expect(found.tokens).toBe(40);
    expect(found.mean).toBeCloseTo(logs.reduce((sum, log) => sum + log, 0) / logs.length, 3);
  },
);

test("a likelihood is given up between two passes when the signal has come", async () => {
  const { config, graph } = await openModelGraph(await goldenModel("dense-tiny"), options);
  const scored = likelihoodInOrder(graph, config, promptIds, 1, AbortSignal.abort(new Error("enough")));
  await expect(scored).rejects.toThrow("enough");
  await graph.close();
});

test("passes are timed for every number of rows, on top of the wanted cache", async () => {
  const { config, graph } = await openModelGraph(await goldenModel("carry-tiny"), options);
  const costs = await passCosts(graph, config, {
    shapes: [{ rows: 1 }, { rows: 8, asked: 4 }],
    cached: 100,
    rounds: 3,
  });
  expect(graph.cached).toBe(100);
  await graph.close();
  expect(costs.map(({ rows, cached }) => [rows, cached])).toEqual([
    [1, 100],
    [8, 100],
  ]);
  for (const { milliseconds, best } of costs) expect(best).toBeLessThanOrEqual(milliseconds);
});

test("block length 1, every wanted strategy and block length, and the dial decode the same prompts in turns", async () => {
  const engine = await openEngine(await goldenModel("carry-tiny"), options);
  const grid = {
    strategies: ["low_confidence_dynamic", "self_speculative"],
    blockLengths: [1, 4],
    thresholds: [0.9, 0.5],
  } as const;
  const all = contenders(engine, inOrder, grid);
  const fixed = ["block length 1", "dynamic 0.9 b4", "dynamic 0.5 b4", "self-speculative b4"];
  const names = [...fixed, "auto exact", "auto balanced"];
  expect(all.map(({ name }) => name)).toEqual(names);
  const turns = await compareDecoding([promptIds, promptIds.slice(1)], all, { rounds: 2, maxTokens: 8 });
  await engine.close();
  expect(turns.map(({ prompt, round }) => [prompt, round])).toEqual([
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ]);
  for (const { runs } of turns) {
    expect(runs.map((run) => run.tokens)).toEqual(names.map(() => 8));
    for (const exact of [3, 4]) expect(runs[exact]?.ids).toEqual(runs[0]?.ids);
  }
  const figures = decodingFigures(all, turns);
  expect(figures[0]?.ratio).toBe(1);
  expect(figures[0]?.tokensPerPass).toBe(1);
  expect(figuresByKind(all, turns, ["list", "code"])[1]?.kinds).toHaveProperty("code.name", "dynamic 0.9 b4");
  expect(lastTexts(turns, 3).get(1)).toEqual(turns[3]?.runs[3]?.ids);
});

test("an interrupted comparison keeps the turns that are complete", async () => {
  const engine = await openEngine(await goldenModel("carry-tiny"), options);
  const stop = new AbortController();
  const all = contenders(engine, inOrder, { strategies: ["sequential"], blockLengths: [4], thresholds: [] });
  const turns = await compareDecoding([promptIds, promptIds], all, {
    rounds: 2,
    maxTokens: 4,
    signal: stop.signal,
    // each warms up once, each has its first turn, and one more run is a part of the second turn
    progress: (done) => done === 2 * all.length + 1 && stop.abort(),
  });
  await engine.close();
  expect(turns).toHaveLength(1);
});

test("drafts are counted, and those that stood are what a pass gives beyond its first token", async () => {
  const engine = await openEngine(await goldenModel("carry-tiny"), options);
  const settings = { ...inOrder, draftThreshold: 0, lookaheadThreshold: 0 };
  const all = contenders(engine, settings, {
    strategies: ["self_speculative"],
    blockLengths: [4],
    thresholds: [],
  });
  const turns = await compareDecoding([promptIds], all, { rounds: 1, maxTokens: 40 });
  await engine.close();
  const [first, second] = decodingFigures(all, turns);
  expect(first?.acceptedDrafts).toBeNaN();
  const { drafts, tokens = 0, passes = 0 } = turns[0]?.runs[1] ?? {};
  expect(drafts?.accepted).toBe(tokens - passes);
  expect(drafts?.checked).toBeGreaterThan(drafts?.accepted ?? 0);
  expect(second?.acceptedDrafts).toBeCloseTo((drafts?.accepted ?? 0) / (drafts?.checked ?? 0));
});

test("a pass while decoding is timed beside the same pass of the graph alone", async () => {
  const folder = await goldenModel("dense-tiny");
  const engine = await openEngine(folder, options);
  const { config, graph } = await openModelGraph(folder, options);
  const found = await measureOverhead(engine, graph, config, 1);
  expect(graph.cached).toBe(0);
  await graph.close();
  await engine.close();
  expect(found?.rows).toBe(8);
  for (const time of [found?.pass, found?.inside, found?.alone, found?.best]) expect(time).toBeGreaterThan(0);
});

test("reading memory takes some time, by any number of threads", async () => {
  expect(await memoryReadTime(1 << 22, 2, { rounds: 3 })).toBeGreaterThan(0);
});

test("of a model larger than memory only a part is read", async () => {
  const most = 1 << 20;
  expect(await memoryReadTime(1e15, 1, { rounds: 1, most })).toBeGreaterThan(0);
});
