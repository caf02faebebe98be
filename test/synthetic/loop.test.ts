import { afterAll, expect, test } from "vitest";
import { openEngine, type Engine } from "../../src/engine/index.ts";
import { UserError } from "../../src/errors.ts";
import { formulaModel, maskId, stopId, type Formula } from "./formula-model.ts";
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

const vocabulary = 101;
const long = Array.from({ length: 256 }, (_, position) => position * 6 + 3);
const prompt = [3, 4, 5, 6, 7];
const plain = (script: readonly number[]): Formula => ({ vocabulary, script, addsSum: false });

test.for(["block", "causal"] as const)(
  "the text is the formula's, over the cache and many blocks (%s)",
  async (blockContext) => {
    const formula = { vocabulary, script: long, blockContext };
    const engine = await engineFor(formula);
    const expected = expectedText(prompt, formula, 60);
    const end = await finish(engine, {
      promptIds: prompt,
      settings: settingsWith({ maxTokens: 60 }),
      stopTokenIds: [],
    });
    expect(end.ids).toEqual(expected);
  },
);

test("the events of a generation: prefilled, then each block opened, denoised and finished, then the end", async () => {
  const engine = await engineFor(plain([9, 9, 9, 9, 9, 10, 11, 12, 13, 14, 15, 16]));
  const events = await eventsOf(engine, { promptIds: prompt, settings: settingsWith({ maxTokens: 7 }) });
  expect(events.map(({ type }) => type).join(" ")).toBe(
    "prefilled block_opened denoised denoised denoised block_finished block_opened denoised denoised denoised denoised block_finished finished",
  );
  const opened = ofType(events, "block_opened");
  expect(opened.map(({ block, start, ids }) => ({ block, start, ids }))).toEqual([
    { block: 0, start: 4, ids: [7, maskId, maskId, maskId] },
    { block: 1, start: 8, ids: [maskId, maskId, maskId, maskId] },
  ]);
  expect(ofType(events, "block_finished").map(({ ids }) => ids)).toEqual([
    [7, 10, 11, 12],
    [13, 14, 15, 16],
  ]);
  const [first] = ofType(events, "denoised");
  expect(first?.slots.map(({ position, token, unmasked }) => [position, token, unmasked])).toEqual([
    [5, 10, true],
    [6, 11, false],
    [7, 12, false],
  ]);
  expect(first?.slots[0]?.runnersUp).toHaveLength(3);
});

test("a block is committed in the pass that opens the next", async () => {
  const engine = await engineFor(plain(long.map(() => 9)));
  const events = await eventsOf(engine, { promptIds: prompt, settings: settingsWith({ maxTokens: 11 }) });
  const rows = ofType(events, "denoised").map((event) => event.rows);
  // 4 rows of the prompt's whole block join the first pass, 4 of each finished block the next one's first
  expect(rows).toEqual([8, 4, 4, 8, 4, 4, 4, 8, 4, 4, 4]);
  expect(endOf(events).passes).toEqual({ prefill: 0, denoise: 11, commit: 0, fused: 2 });
});

test("a stop token in mid-block ends the text as soon as nothing before it is masked", async () => {
  // the stop token at 6 is surest, the positions before it and behind it less so
  const script = [9, 9, 9, 9, 9, 10, stopId, 12, 13, 14, 15, 16];
  const sharpness = [20, 20, 20, 20, 20, 8, 12, 4, 20, 20, 20, 20];
  const engine = await engineFor({ ...plain(script), sharpness });
  const settings = settingsWith({ strategy: "low_confidence_static" });
  const events = await eventsOf(engine, { promptIds: prompt, settings });
  expect(endOf(events)).toMatchObject({ reason: "stop", ids: [10, stopId], borders: [4] });
  expect(
    ofType(events, "denoised").map(({ slots }) => slots.find((slot) => slot.unmasked)?.position),
  ).toEqual([6, 5]);
  expect(ofType(events, "block_finished").map(({ ids }) => ids)).toEqual([[7, 10, stopId]]);
});

test("a stop token in the prompt does not count", async () => {
  const engine = await engineFor(plain(long.map(() => 9)));
  const end = await finish(engine, { promptIds: [3, stopId, 5], settings: settingsWith({ maxTokens: 3 }) });
  expect(end).toMatchObject({ reason: "length", ids: [9, 9, 9] });
});

test("the caller's stop tokens replace the model's", async () => {
  const engine = await engineFor(plain([9, 9, 9, stopId, 30, 9, 9, 9]));
  const settings = settingsWith({ maxTokens: 5 });
  const end = await finish(engine, { promptIds: [3, 4, 5], settings, stopTokenIds: [30] });
  expect(end).toMatchObject({ reason: "stop", ids: [stopId, 30] });
});

test("the reply has at most maxTokens tokens, in mid-block too, and is the start of a longer one", async () => {
  const engine = await engineFor({ vocabulary, script: long });
  const replies: (readonly number[])[] = [];
  for (const maxTokens of [1, 2, 6, 20]) {
    const end = await finish(engine, {
      promptIds: prompt,
      settings: settingsWith({ maxTokens }),
      stopTokenIds: [],
    });
    expect(end.reason).toBe("length");
    expect(end.ids).toHaveLength(maxTokens);
    replies.push(end.ids);
  }
  expect(
    replies.map((ids, index) => replies.at(-1)?.slice(0, ids.length).join() === ids.join() || index),
  ).toEqual([true, true, true, true]);
});

test("the end of the context ends the reply, in mid-block too", async () => {
  const engine = await engineFor({ ...plain(long.map(() => 9)), contextLength: 11 });
  const end = await finish(engine, { promptIds: prompt, settings: settingsWith({ maxTokens: 100 }) });
  expect(end).toMatchObject({ reason: "context", ids: [9, 9, 9, 9, 9, 9] });
});

test("a prompt that leaves no room for a token is refused in numbers", async () => {
  const engine = await engineFor({ ...plain(long), contextLength: 6 });
  const promptIds = [3, 4, 5, 6, 7, 8];
  const refusal = finish(engine, { promptIds, settings: settingsWith() });
  await expect(refusal).rejects.toThrow(/6 tokens .* holds 6/);
  await expect(finish(engine, { promptIds, settings: settingsWith() })).rejects.toMatchObject({
    kind: "context-full",
  });
  expect((await finish(engine, { promptIds: prompt, settings: settingsWith() })).reason).toBe("context");
});

test.for([
  ["an empty prompt", [], /empty/],
  ["an id beyond the vocabulary", [3, vocabulary], /101 is no token/],
  ["a negative id", [-1], /-1 is no token/],
  ["half an id", [1.5], /1\.5 is no token/],
] as const)("%s is refused", async ([, promptIds, message]) => {
  const engine = await engineFor(plain(long));
  const refusal = finish(engine, { promptIds, settings: settingsWith() });
  await expect(refusal).rejects.toThrow(message);
  await expect(refusal).rejects.toBeInstanceOf(UserError);
});

test("settings out of range are refused", async () => {
  const engine = await engineFor(plain(long));
  const refusal = finish(engine, { promptIds: prompt, settings: settingsWith({ blockLength: 0 }) });
  await expect(refusal).rejects.toMatchObject({ kind: "usage" });
});

test("a mask id in the prompt is a token like any other", async () => {
  const engine = await engineFor(plain(long.map(() => 9)));
  const promptIds = [3, maskId, 5, 6, maskId];
  const events = await eventsOf(engine, { promptIds, settings: settingsWith({ maxTokens: 3 }) });
  expect(ofType(events, "denoised")[0]?.slots.map(({ position }) => position)).toEqual([5, 6, 7]);
});

test("the mask id is never chosen, even where the model is sure of it", async () => {
  const engine = await engineFor(plain(long.map(() => maskId)));
  for (const settings of [settingsWith(), settingsWith({ temperature: 1, seed: 5 })]) {
    const { ids } = await finish(engine, { promptIds: prompt, settings, stopTokenIds: [] });
    expect(ids).toHaveLength(16);
    expect(ids).not.toContain(maskId);
  }
});

test("passes never wait for the reader: a later generation runs to its end while the first is hardly read", async () => {
  const engine = await engineFor(plain(long.map(() => 9)));
  const request = { promptIds: prompt, settings: settingsWith({ maxTokens: 40 }) };
  const unread = engine.generate(request)[Symbol.asyncIterator]();
  await unread.next();
  expect((await finish(engine, request)).ids).toHaveLength(40);
  const types: string[] = [];
  for (let item = await unread.next(); item.done !== true; item = await unread.next())
    types.push(item.value.type);
  expect(types.filter((type) => type === "denoised")).toHaveLength(40);
  expect(types.at(-1)).toBe("finished");
});

test("two generations asked for at once run one after the other", async () => {
  const engine = await engineFor({ vocabulary, script: long });
  const request = { promptIds: prompt, settings: settingsWith(), stopTokenIds: [] };
  const [first, second] = await Promise.all([finish(engine, request), finish(engine, request)]);
  expect(second.ids).toEqual(first.ids);
});
