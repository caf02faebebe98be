import { afterAll, expect, test } from "vitest";
import {
  openEngine,
  type DecodingSettings,
  type Engine,
  type GenerateRequest,
} from "../../src/engine/index.ts";
import { formulaModel, stopId, type Formula } from "./formula-model.ts";
import { endOf, eventsOf, finish, ofType, settingsWith } from "./running.ts";

const engines: Engine[] = [];

async function engineFor(formula: Formula): Promise<Engine> {
  const engine = await openEngine(await formulaModel(formula), { device: "cpu", threads: 1 });
  engines.push(engine);
  return engine;
}

afterAll(async () => {
  for (const engine of engines) await engine.close();
});

/** In SDAR's form the sums depend on the borders: a row sees its whole block. */
const formula: Formula = {
  vocabulary: 101,
  script: Array.from({ length: 400 }, (_, position) => position * 6 + 3),
  sharpness: Array.from({ length: 400 }, (_, position) => 4 + (position % 3)),
};
const settings = settingsWith({
  strategy: "low_confidence_static",
  blockLength: 8,
  denoisingSteps: 4,
  maxTokens: 21,
});
const prompt = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];

async function secondTurn(engine: Engine, second: GenerateRequest) {
  const fresh = await engineFor({ ...formula, blockContext: engine.info.model.blockContext });
  const events = await eventsOf(engine, second);
  const anew = await eventsOf(fresh, second);
  const reused = ofType(events, "prefilled")[0]?.reusedTokens ?? 0;
  return { events, anew, reused };
}

const readings = (events: Awaited<ReturnType<typeof eventsOf>>) =>
  ofType(events, "denoised").map(({ slots }) =>
    slots.map(({ position, token, unmasked }) => [position, token, unmasked]),
  );

test.for(["block", "causal"] as const)(
  "a second turn reuses what the first left in the cache and gives what a fresh engine gives (%s)",
  async (blockContext) => {
    const engine = await engineFor({ ...formula, blockContext });
    const first = await finish(engine, { promptIds: prompt, settings, stopTokenIds: [] });
    const promptIds = [...prompt, ...first.ids, 20, 21, 22];
    const second = { promptIds, borders: first.borders, settings, stopTokenIds: [] };
    const { events, anew, reused } = await secondTurn(engine, second);
    expect(endOf(events).ids).toEqual(endOf(anew).ids);
    expect(readings(events)).toEqual(readings(anew));
    expect(reused).toBeGreaterThanOrEqual(24);
    expect(endOf(events).borders).toEqual(endOf(anew).borders);
  },
);

test("a reply that a stop token cut in mid-block leaves no border there", async () => {
  const stopping = formula.script.map((value, position) => (position === 18 ? stopId : value));
  const sharpness = formula.script.map((_, position) => (position === 18 ? 9 : 4));
  const engine = await engineFor({ ...formula, script: stopping, sharpness, addsSum: false });
  const first = await finish(engine, { promptIds: prompt, settings });
  expect(first.reason).toBe("stop");
  expect(prompt.length + first.ids.length).toBe(19);
  expect(first.borders).toEqual([8, 16]);
});

test.for([
  ["block length", { blockLength: 4 }],
  ["strategy", { strategy: "low_confidence_dynamic", threshold: 0.2 }],
  ["both", { blockLength: 5, strategy: "entropy_bounded", entropyBudget: 6 }],
] as [string, Partial<DecodingSettings>][])(
  "a second turn gives what a fresh engine gives after %s changed in mid-answer",
  async ([, change]) => {
    const engine = await engineFor(formula);
    let steps = 0;
    const first = await eventsOf(engine, { promptIds: prompt, settings, stopTokenIds: [] }, ({ type }) => {
      if (type === "denoised" && ++steps === 3) engine.adjust(change);
    });
    const { ids, borders } = endOf(first);
    const second = { promptIds: [...prompt, ...ids, 20, 21], borders, settings, stopTokenIds: [] };
    const { events, anew, reused } = await secondTurn(engine, second);
    expect(readings(events)).toEqual(readings(anew));
    expect(endOf(events).ids).toEqual(endOf(anew).ids);
    expect(reused).toBeGreaterThan(16);
  },
);

test("a turn with other borders reuses the cache only as far as they agree", async () => {
  const engine = await engineFor(formula);
  const first = await finish(engine, { promptIds: prompt, settings, stopTokenIds: [] });
  expect(first.borders).toEqual([8, 16, 24, 32]);
  const promptIds = [...prompt, ...first.ids, 20];
  const second = { promptIds, borders: [8, 12, 24], settings, stopTokenIds: [] };
  const { events, anew, reused } = await secondTurn(engine, second);
  expect(reused).toBe(8);
  expect(endOf(events).ids).toEqual(endOf(anew).ids);
});

test("a prompt edited in the middle reuses whole blocks before the edit, or all tokens with causal context", async () => {
  for (const [blockContext, expected] of [
    ["block", 16],
    ["causal", 20],
  ] as const) {
    const engine = await engineFor({ ...formula, blockContext });
    const first = await finish(engine, { promptIds: prompt, settings, stopTokenIds: [] });
    const promptIds = [...prompt, ...first.ids].with(20, 50);
    const { events, anew, reused } = await secondTurn(engine, { promptIds, settings, stopTokenIds: [] });
    expect(reused).toBe(expected);
    expect(endOf(events).ids).toEqual(endOf(anew).ids);
  }
});

test("the same prompt again is answered from the cache alone", async () => {
  const engine = await engineFor(formula);
  const promptIds = prompt.concat(14, 15, 16, 17, 18);
  const request = { promptIds, settings, stopTokenIds: [] };
  const first = await finish(engine, request);
  const events = await eventsOf(engine, request);
  expect(ofType(events, "prefilled")[0]).toMatchObject({ promptTokens: 16, reusedTokens: 16 });
  expect(endOf(events).ids).toEqual(first.ids);
  expect(ofType(events, "denoised")[0]?.rows).toBe(8);
});
