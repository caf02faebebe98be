import { expect, test } from "vitest";
import { compareDecoding, likelihoodInOrder, memoryReadTime, passCosts } from "../../src/bench/index.ts";
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

test.each(["dense-tiny", "carry-tiny"] as const)(
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

test("passes are timed for every number of rows, and the cache is empty afterwards", async () => {
  const { config, graph } = await openModelGraph(await goldenModel("carry-tiny"), options);
  const costs = await passCosts(graph, config, { rows: [1, 8], cached: 100, rounds: 3 });
  expect(graph.cached).toBe(0);
  await graph.close();
  expect(costs.map(({ rows }) => rows)).toEqual([1, 8]);
  for (const { milliseconds, best } of costs) expect(best).toBeLessThanOrEqual(milliseconds);
});

test("contenders decode the same prompts, and rates count kept tokens only", async () => {
  const engine = await openEngine(await goldenModel("carry-tiny"), options);
  const settings = { ...inOrder, maxTokens: 8 };
  const contenders = [
    { name: "in order", settings },
    {
      name: "in blocks",
      settings: { ...settings, strategy: "low_confidence_dynamic", blockLength: 4 } as const,
    },
  ];
  const [first, second] = await compareDecoding(engine, [promptIds, promptIds], contenders, 2);
  await engine.close();
  expect(first?.tokensPerPass).toBe(1);
  expect(first?.runs.map((run) => run.tokens)).toEqual([8, 8]);
  expect(second?.runs.map((run) => run.tokens)).toEqual([8, 8]);
  expect(second?.runs[0]?.ids).toEqual(second?.runs[1]?.ids);
});

test("drafts are counted, and those that stood are what a pass gives beyond its first token", async () => {
  const engine = await openEngine(await goldenModel("carry-tiny"), options);
  const guessing = {
    ...inOrder,
    strategy: "self_speculative",
    blockLength: 4,
    draftThreshold: 0,
    lookaheadThreshold: 0,
  } as const;
  const contenders = [
    { name: "in order", settings: inOrder },
    { name: "guessed", settings: guessing },
  ];
  const [first, second] = await compareDecoding(engine, [promptIds], contenders, 1);
  await engine.close();
  expect(first?.acceptedDrafts).toBeNaN();
  const { drafts, tokens = 0, passes = 0 } = second?.runs[0] ?? {};
  expect(drafts?.accepted).toBe(tokens - passes);
  expect(drafts?.checked).toBeGreaterThan(drafts?.accepted ?? 0);
  expect(second?.acceptedDrafts).toBeCloseTo((drafts?.accepted ?? 0) / (drafts?.checked ?? 0));
});

test("reading memory takes some time, by any number of threads", async () => {
  expect(await memoryReadTime(1 << 22, 2, 3)).toBeGreaterThan(0);
});
