import { afterAll, expect, test } from "vitest";
import { openEngine, type Engine, type EngineEvent } from "../../src/engine/index.ts";
import { formulaModel, type Formula } from "./formula-model.ts";
import { endOf, eventsOf, expectedText, finish, ofType, settingsWith } from "./running.ts";

const engines: Engine[] = [];

async function engineFor(formula: Formula): Promise<Engine> {
  const engine = await openEngine(await formulaModel(formula), { device: "cpu", threads: 1 });
  engines.push(engine);
  return engine;
}

afterAll(async () => {
  for (const engine of engines) await engine.close();
});

const script = Array.from({ length: 600 }, (_, position) => position * 6 + 3);
const summing: Formula = { vocabulary: 101, script };
const forms = ["block", "causal"] as const;
const prompt = [3, 4, 5, 6, 7];

/** Calls `act` at the nth denoised event. */
function atStep(nth: number, act: () => void) {
  let seen = 0;
  return (event: EngineEvent) => {
    if (event.type === "denoised" && ++seen === nth) act();
  };
}

test.for(forms)(
  "an abort in mid-block ends within one pass, and the cache is right (%s)",
  async (blockContext) => {
    const formula = { ...summing, blockContext };
    const engine = await engineFor(formula);
    const request = { promptIds: prompt, settings: settingsWith({ maxTokens: 40 }), stopTokenIds: [] };
    const abort = new AbortController();
    const events = await eventsOf(
      engine,
      { ...request, signal: abort.signal },
      atStep(6, () => abort.abort()),
    );
    const end = endOf(events);
    expect(end.reason).toBe("aborted");
    expect(ofType(events, "denoised").length).toBeLessThanOrEqual(7);
    const expected = expectedText(prompt, formula, 40);
    expect(end.ids).toEqual(expected.slice(0, end.ids.length));
    expect(end.ids.length).toBeGreaterThanOrEqual(6);
    const again = await eventsOf(engine, request);
    expect(endOf(again).ids).toEqual(expected);
    expect(ofType(again, "prefilled")[0]?.reusedTokens).toBe(4);
  },
);

test("an aborted reply ends before the first mask, whatever is decided behind it", async () => {
  const sharpness = script.map((_, position) => position % 4);
  const engine = await engineFor({ ...summing, addsSum: false, sharpness, script: script.map(() => 9) });
  const abort = new AbortController();
  const settings = settingsWith({ strategy: "low_confidence_static" });
  // 7, then 6 are decided, 5 is not
  const request = { promptIds: prompt, settings, signal: abort.signal };
  const end = endOf(
    await eventsOf(
      engine,
      request,
      atStep(2, () => abort.abort()),
    ),
  );
  expect(end).toMatchObject({ reason: "aborted", ids: [], borders: [4] });
});

test("a signal that was aborted before means no pass at all", async () => {
  const engine = await engineFor(summing);
  const request = { promptIds: prompt, settings: settingsWith(), signal: AbortSignal.abort() };
  expect(await finish(engine, request)).toMatchObject({ reason: "aborted", ids: [], passes: { denoise: 0 } });
});

test.for(forms)("an abort during a long prefill keeps what was prefilled (%s)", async (blockContext) => {
  const formula = { ...summing, blockContext };
  const engine = await engineFor(formula);
  const promptIds = Array.from({ length: 400 }, (_, index) => (index % 90) + 3);
  const abort = new AbortController();
  const request = { promptIds, settings: settingsWith({ maxTokens: 8 }), stopTokenIds: [] };
  setImmediate(() => setImmediate(() => setImmediate(() => abort.abort())));
  const aborted = endOf(await eventsOf(engine, { ...request, signal: abort.signal }));
  expect(aborted).toMatchObject({ reason: "aborted", ids: [] });
  expect(aborted.passes.prefill).toBeGreaterThan(0);
  const events = await eventsOf(engine, request);
  expect(ofType(events, "prefilled")[0]?.reusedTokens).toBe(64 * aborted.passes.prefill);
  expect(endOf(events).ids).toEqual(expectedText(promptIds, formula, 8));
});

test("a reader that leaves ends the generation, and the engine is free for the next", async () => {
  const engine = await engineFor(summing);
  const request = { promptIds: prompt, settings: settingsWith({ maxTokens: 500 }), stopTokenIds: [] };
  for await (const event of engine.generate(request)) if (event.type === "denoised") break;
  const events = await eventsOf(engine, { ...request, settings: settingsWith({ maxTokens: 8 }) });
  expect(endOf(events).ids).toEqual(expectedText(prompt, summing, 8));
  expect(ofType(events, "prefilled")[0]?.reusedTokens).toBeLessThan(16);
});

test("closing ends a running generation", async () => {
  const engine = await engineFor(summing);
  const request = { promptIds: prompt, settings: settingsWith({ maxTokens: 500 }), stopTokenIds: [] };
  const events = await eventsOf(
    engine,
    request,
    atStep(3, () => void engine.close()),
  );
  expect(endOf(events).reason).toBe("aborted");
  expect(ofType(events, "denoised").length).toBeLessThan(10);
  await expect(finish(engine, request)).rejects.toThrow(/closed/);
});

test("a threshold turned in mid-block counts from the next pass on, and the step records it", async () => {
  const engine = await engineFor({
    ...summing,
    addsSum: false,
    script: script.map(() => 9),
    sharpness: script.map(() => 5),
  });
  const settings = settingsWith({
    strategy: "low_confidence_dynamic",
    threshold: 0.9,
    blockLength: 8,
    maxTokens: 3,
  });
  const request = { promptIds: [3, 4, 5, 6, 7, 8, 9, 10], settings };
  const events = await eventsOf(
    engine,
    request,
    atStep(2, () => engine.adjust({ threshold: 0.1 })),
  );
  const steps = ofType(events, "denoised");
  const filled = steps.map(({ slots }) => slots.filter(({ unmasked }) => unmasked).length);
  expect(filled).toEqual([1, 1, 6]);
  expect(steps.map((step) => step.settings.threshold)).toEqual([0.9, 0.9, 0.1]);
});

test("strategy, temperature and top-k turned in mid-block count from the next pass on", async () => {
  const engine = await engineFor({
    ...summing,
    addsSum: false,
    script: script.map(() => 9),
    sharpness: script.map(() => 2),
  });
  const change = { strategy: "low_confidence_static", temperature: 0.5, topK: 1 } as const;
  const request = { promptIds: prompt, settings: settingsWith({ maxTokens: 7 }) };
  const steps = ofType(
    await eventsOf(
      engine,
      request,
      atStep(1, () => engine.adjust(change)),
    ),
    "denoised",
  );
  expect(steps[0]?.settings).toMatchObject({ strategy: "sequential", temperature: 0, topK: 0 });
  for (const step of steps.slice(1)) expect(step.settings).toMatchObject(change);
  // a token's logit is 2, the 100 others' 0; half the temperature doubles it
  expect(steps[0]?.slots[0]?.confidence).toBeCloseTo(Math.exp(2) / (Math.exp(2) + 100), 6);
  expect(steps[1]?.slots[0]?.confidence).toBeCloseTo(Math.exp(4) / (Math.exp(4) + 100), 6);
});

test("block length and steps turned in mid-block count from the next block on, which ends at a multiple", async () => {
  const engine = await engineFor({ ...summing, addsSum: false, script: script.map(() => 9) });
  const request = { promptIds: [3, 4, 5, 6], settings: settingsWith({ maxTokens: 30 }) };
  const events = await eventsOf(
    engine,
    request,
    atStep(2, () => engine.adjust({ blockLength: 16, denoisingSteps: 4 })),
  );
  expect(ofType(events, "block_opened").map(({ start, ids }) => [start, ids.length])).toEqual([
    [4, 4],
    [8, 8],
    [16, 16],
    [32, 16],
  ]);
  const steps = ofType(events, "denoised");
  expect(steps.slice(0, 4).map(({ settings }) => [settings.blockLength, settings.denoisingSteps])).toEqual(
    Array.from({ length: 4 }, () => [4, "block_length"]),
  );
  expect(
    steps.slice(4).every(({ settings }) => settings.blockLength === 16 && settings.denoisingSteps === 4),
  ).toBe(true);
  // 16 positions in 4 steps are 4 a step
  expect(steps.slice(4, 6).map(({ slots }) => slots.filter(({ unmasked }) => unmasked).length)).toEqual([
    4, 4,
  ]);
  expect(endOf(events).borders).toEqual([4, 8, 16, 32]);
});

test("a seed turned in mid-answer waits for the next generation", async () => {
  const engine = await engineFor({ ...summing, addsSum: false, sharpness: script.map(() => 1) });
  const settings = settingsWith({ temperature: 1, seed: 7 });
  const request = { promptIds: prompt, settings, stopTokenIds: [] };
  const alone = await finish(engine, request);
  const adjusted = await eventsOf(
    engine,
    request,
    atStep(2, () => engine.adjust({ seed: 8 })),
  );
  expect(endOf(adjusted).ids).toEqual(alone.ids);
  expect(ofType(adjusted, "denoised").every((step) => step.settings.seed === 7)).toBe(true);
  const other = await finish(engine, { ...request, settings: { ...settings, seed: 8 } });
  expect(other.ids).not.toEqual(alone.ids);
});

test("an adjustment out of range is refused and changes nothing", async () => {
  const engine = await engineFor(summing);
  const request = { promptIds: prompt, settings: settingsWith({ maxTokens: 8 }), stopTokenIds: [] };
  const adjust = () => engine.adjust({ blockLength: 1000 });
  const events = await eventsOf(
    engine,
    request,
    atStep(1, () => expect(adjust).toThrow(/blockLength|block-length/)),
  );
  expect(endOf(events).ids).toEqual(expectedText(prompt, summing, 8));
});

test.for(forms)(
  "after a pass that fails, the cache is right and the engine answers again (%s)",
  async (blockContext) => {
    const formula = { ...summing, script: script.slice(0, 30), contextLength: 64, blockContext };
    const engine = await engineFor(formula);
    const request = { promptIds: prompt, settings: settingsWith({ maxTokens: 50 }), stopTokenIds: [] };
    const seen: EngineEvent[] = [];
    const failing = eventsOf(engine, request, (event) => seen.push(event));
    await expect(failing).rejects.toMatchObject({ name: "UserError", kind: "engine" });
    // the script ends in the block from 28 on: all events before the failure arrived
    expect(ofType(seen, "block_finished").at(-1)?.start).toBe(24);
    const events = await eventsOf(engine, { ...request, settings: settingsWith({ maxTokens: 20 }) });
    expect(endOf(events).ids).toEqual(expectedText(prompt, formula, 20));
    expect(ofType(events, "prefilled")[0]?.reusedTokens).toBe(4);
  },
);
