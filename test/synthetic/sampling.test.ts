import { afterAll, expect, test } from "vitest";
import { openEngine, type DecodingSettings, type Engine } from "../../src/engine/index.ts";
import { gumbel, noiseAt } from "../../src/engine/decoding/noise.ts";
import { formulaModel, maskId } from "./formula-model.ts";
import { endOf, eventsOf, finish, ofType, settingsWith } from "./running.ts";

const vocabulary = 200;
const sharpness = 2;
const script = Array.from({ length: 128 }, (_, position) => (position * 6 + 3) % vocabulary);
const prompt = [3, 4, 5, 6];

const engine: Engine = await openEngine(
  await formulaModel({ vocabulary, script, sharpness: script.map(() => sharpness), addsSum: false }),
  { device: "cpu", threads: 1 },
);

afterAll(() => engine.close());

/** What Gumbel noise on the formula's logits draws at a position. */
function drawn(position: number, temperature: number, seed: number): number {
  const noise = noiseAt(seed, position);
  const sums = Array.from({ length: vocabulary }, (_, token) =>
    token === maskId
      ? -Infinity
      : (token === script[position] ? sharpness : 0) / temperature + gumbel(noise, token),
  );
  return sums.indexOf(Math.max(...sums));
}

/** The text, and the confidence of its first token. */
async function textWith(change: Partial<DecodingSettings>) {
  const events = await eventsOf(engine, {
    promptIds: prompt,
    settings: settingsWith(change),
    stopTokenIds: [],
  });
  return { ids: endOf(events).ids, confidence: ofType(events, "denoised")[0]?.slots[0]?.confidence };
}

test("without a filter a token is drawn from the whole vocabulary, in one run of the graph a pass", async () => {
  const settings = settingsWith({ temperature: 1, seed: 11 });
  const { ids, passes } = await finish(engine, { promptIds: prompt, settings, stopTokenIds: [] });
  expect(ids).toEqual(Array.from({ length: 16 }, (_, index) => drawn(4 + index, 1, 11)));
  expect(passes.denoise).toBe(16);
});

test("a nucleus wider than the graph's 64 tokens costs one more run, and then none while the settings last", async () => {
  const settings = settingsWith({ temperature: 1, topP: 0.95, seed: 11 });
  const request = { promptIds: prompt, settings, stopTokenIds: [] };
  const events = await eventsOf(engine, request);
  expect(endOf(events).passes.denoise).toBe(17);
  const turned = await eventsOf(engine, request, ({ type }) => {
    if (type === "block_finished") engine.adjust({ topP: 0.9 });
  });
  expect(endOf(turned).passes.denoise).toBe(18);
});

test("a nucleus within the graph's 64 tokens costs no further run", async () => {
  const settings = settingsWith({ temperature: 0.2, topP: 0.9, seed: 11 });
  const { ids, passes } = await finish(engine, { promptIds: prompt, settings, stopTokenIds: [] });
  expect(ids).toEqual(script.slice(4, 20));
  expect(passes.denoise).toBe(16);
});

test("top-k 1 at a temperature says what temperature 0 says, at that temperature's confidence", async () => {
  const zero = await textWith({ temperature: 0 });
  const half = await textWith({ temperature: 0.5, topK: 1 });
  expect(half.ids).toEqual(zero.ids);
  expect(zero.confidence).toBeCloseTo(Math.exp(2) / (Math.exp(2) + 199), 6);
  expect(half.confidence).toBeCloseTo(Math.exp(4) / (Math.exp(4) + 199), 6);
});

test("noise belongs to the position: another block length draws the same tokens", async () => {
  const wide = await textWith({ temperature: 1, seed: 3, blockLength: 16 });
  const narrow = await textWith({ temperature: 1, seed: 3, blockLength: 2 });
  expect(wide.ids).toEqual(narrow.ids);
});
