import { afterAll, expect, test } from "vitest";
import { openEngine, type Engine, type EngineEvent } from "../../src/engine/index.ts";
import { formulaModel, stopId, type Formula } from "./formula-model.ts";
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

const forms = ["block", "causal"] as const;
const vocabulary = 101;
const script = Array.from({ length: 300 }, (_, position) => position * 6 + 3);
/** A guess lacks the tokens between, so it is wrong but for chance. */
const summing: Formula = { vocabulary, script };
/** Every guess is right. */
const plain: Formula = {
  vocabulary,
  script: script.map((_, position) => 3 + (position % 90)),
  addsSum: false,
};
const prompt = [3, 4, 5, 6, 7];
const scripted = (count: number) => plain.script.slice(prompt.length, prompt.length + count);
const guessing = (change: Parameters<typeof settingsWith>[0] = {}) =>
  settingsWith({ strategy: "self_speculative", draftThreshold: 0, lookaheadThreshold: 0, ...change });

const windows = (events: readonly EngineEvent[]) =>
  ofType(events, "block_opened").map(({ start, ids, drafts = [] }) => [start, ids.length, drafts.length]);

/** Calls `act` at the nth denoised event. */
function atStep(nth: number, act: () => void) {
  let seen = 0;
  return (event: EngineEvent) => {
    if (event.type === "denoised" && ++seen === nth) act();
  };
}

test.for(forms)("refused guesses leave the text as it is (%s)", async (blockContext) => {
  const formula = { ...summing, blockContext };
  const engine = await engineFor(formula);
  const events = await eventsOf(engine, {
    promptIds: prompt,
    settings: guessing({ maxTokens: 40 }),
    stopTokenIds: [],
  });
  expect(endOf(events).ids).toEqual(expectedText(prompt, formula, 40));
  const refused = ofType(events, "block_finished").filter(({ ids }) => ids.length === 1);
  expect(refused.length).toBeGreaterThan(20);
});

test.for(forms)("right guesses join the text, a window a pass (%s)", async (blockContext) => {
  const formula = { ...plain, blockContext };
  const engine = await engineFor(formula);
  const settings = guessing({ maxTokens: 12, blockLength: 4 });
  const events = await eventsOf(engine, { promptIds: prompt, settings, stopTokenIds: [] });
  expect(endOf(events)).toMatchObject({ reason: "length", ids: scripted(12) });
  expect(endOf(events).passes).toMatchObject({ denoise: 4, commit: 0 });
  // one verifier and three masks ahead; then three drafts, their verifiers and what is left of the reply
  expect(windows(events)).toEqual([
    [5, 4, 0],
    [6, 7, 3],
    [10, 6, 3],
    [14, 3, 2],
  ]);
  expect(ofType(events, "block_finished").map(({ start, ids }) => [start, ids.length])).toEqual([
    [5, 1],
    [6, 4],
    [10, 4],
    [14, 3],
  ]);
});

test("a window tells the drafts that it checks, and its pass which of its positions stand", async () => {
  const engine = await engineFor(plain);
  const settings = guessing({ maxTokens: 12 });
  const events = await eventsOf(engine, { promptIds: prompt, settings, stopTokenIds: [] });
  const text = endOf(events).ids;
  const [, opened] = ofType(events, "block_opened");
  expect(opened?.drafts?.map(({ token }) => token)).toEqual(text.slice(1, 4));
  const [, pass] = ofType(events, "denoised");
  expect(pass?.slots.map(({ position, unmasked }) => [position, unmasked])).toEqual([
    [6, true],
    [7, true],
    [8, true],
    [9, true],
    [10, false],
    [11, false],
    [12, false],
  ]);
  expect(pass?.slots.map(({ token }) => token)).toEqual(text.slice(1, 8));
});

test.for(forms)("a stop token among the accepted drafts ends the text there (%s)", async (blockContext) => {
  const stopping = plain.script.map((token, position) => (position === 8 ? stopId : token));
  const engine = await engineFor({ ...plain, script: stopping, blockContext });
  const request = { promptIds: prompt, settings: guessing({ maxTokens: 40, blockLength: 8 }) };
  const events = await eventsOf(engine, request);
  expect(endOf(events)).toMatchObject({ reason: "stop", ids: [...stopping.slice(5, 8), stopId] });
  expect(ofType(events, "block_finished").at(-1)).toMatchObject({ start: 6, ids: [9, 10, stopId] });
  expect(endOf(events).borders.at(-1)).toBe(blockContext === "block" ? 9 : undefined);
  // what was accepted behind it is no part of the next turn
  const promptIds = [...prompt, ...endOf(events).ids, 20, 21];
  const end = await finish(engine, { ...request, promptIds, borders: endOf(events).borders });
  expect(end.ids.slice(0, 5)).toEqual(stopping.slice(11, 16));
});

test.for([1, 2, 3, 7, 20])("the reply has at most maxTokens tokens: %i", async (maxTokens) => {
  const engine = await engineFor(plain);
  const events = await eventsOf(engine, {
    promptIds: prompt,
    settings: guessing({ maxTokens, blockLength: 16 }),
    stopTokenIds: [],
  });
  expect(endOf(events)).toMatchObject({ reason: "length", ids: scripted(maxTokens) });
  const last = prompt.length + maxTokens;
  for (const [start = 0, length = 0] of windows(events)) expect(start + length).toBeLessThanOrEqual(last);
});

test.for(forms)(
  "the end of the context ends the reply, and no pass looks beyond it (%s)",
  async (blockContext) => {
    // the script is as long as the context: the graph fails beyond it
    const formula = { ...plain, script: plain.script.slice(0, 15), contextLength: 15, blockContext };
    const engine = await engineFor(formula);
    const end = await finish(engine, {
      promptIds: prompt,
      settings: guessing({ maxTokens: 100 }),
      stopTokenIds: [],
    });
    expect(end).toMatchObject({ reason: "context", ids: scripted(10) });
  },
);

test("a limit lowered below what is there ends the reply at once", async () => {
  const engine = await engineFor(plain);
  const events = await eventsOf(
    engine,
    { promptIds: prompt, settings: guessing({ maxTokens: 100 }), stopTokenIds: [] },
    atStep(4, () => engine.adjust({ maxTokens: 2 })),
  );
  const end = endOf(events);
  expect(end.reason).toBe("length");
  expect(end.ids).toEqual(scripted(end.ids.length));
  expect(ofType(events, "denoised").length).toBeLessThanOrEqual(6);
});

test.for(forms)(
  "an abort between two passes keeps what stands, and the cache is right (%s)",
  async (blockContext) => {
    const formula = { ...summing, blockContext };
    const engine = await engineFor(formula);
    const request = { promptIds: prompt, settings: guessing({ maxTokens: 60 }), stopTokenIds: [] };
    const abort = new AbortController();
    const aborted = endOf(
      await eventsOf(
        engine,
        { ...request, signal: abort.signal },
        atStep(6, () => abort.abort()),
      ),
    );
    const expected = expectedText(prompt, formula, 60);
    expect(aborted.reason).toBe("aborted");
    expect(aborted.ids).toEqual(expected.slice(0, aborted.ids.length));
    expect(aborted.ids.length).toBeGreaterThanOrEqual(6);
    const promptIds = [...prompt, ...aborted.ids];
    const events = await eventsOf(engine, { ...request, promptIds, borders: aborted.borders });
    expect(ofType(events, "prefilled")[0]?.reusedTokens).toBe(promptIds.length - 1);
    expect(endOf(events).ids.slice(0, 10)).toEqual(expected.slice(aborted.ids.length).slice(0, 10));
  },
);

test.for(forms)(
  "a switch in mid-answer, there and back, waits for the end of the block (%s)",
  async (blockContext) => {
    const formula = { ...summing, blockContext };
    const engine = await engineFor(formula);
    const blocks = settingsWith({ maxTokens: 60 });
    let steps = 0;
    const events = await eventsOf(
      engine,
      { promptIds: prompt, settings: blocks, stopTokenIds: [] },
      (event) => {
        if (event.type !== "denoised") return;
        steps++;
        if (steps === 4)
          engine.adjust({ strategy: "self_speculative", draftThreshold: 0, lookaheadThreshold: 0 });
        if (steps === 20) engine.adjust({ strategy: "sequential" });
      },
    );
    expect(endOf(events).ids).toEqual(expectedText(prompt, formula, 60));
    const strategies = ofType(events, "denoised").map(({ block, settings }) => [block, settings.strategy]);
    for (const [block, strategy] of strategies) {
      expect(strategies.filter(([each]) => each === block).every(([, same]) => same === strategy)).toBe(true);
    }
    const inOrder = strategies.map(([, strategy]) => strategy);
    expect(new Set(inOrder)).toEqual(new Set(["sequential", "self_speculative"]));
    expect(inOrder.at(-1)).toBe("sequential");
    const expected = blockContext === "block" ? [4, 8, 12] : [];
    expect(endOf(events).borders.slice(0, 3)).toEqual(expected);
  },
);

test("what was guessed before a block of another strategy is not checked behind it", async () => {
  const engine = await engineFor(plain);
  let steps = 0;
  const request = { promptIds: prompt, settings: guessing({ maxTokens: 60 }), stopTokenIds: [] };
  const events = await eventsOf(engine, request, (event) => {
    if (event.type !== "denoised") return;
    steps++;
    if (steps === 2) engine.adjust({ strategy: "sequential" });
    if (steps === 7) engine.adjust({ strategy: "self_speculative" });
  });
  const opened = ofType(events, "block_opened");
  const behind = opened.filter(
    ({ settings }, index) =>
      settings.strategy === "self_speculative" && opened[index - 1]?.settings.strategy === "sequential",
  );
  expect(behind).toHaveLength(1);
  expect(behind[0]?.drafts).toBeUndefined();
});
