import { afterAll, expect, test } from "vitest";
import { Session } from "../../src/engine/decoding/session.ts";
import { defaultSettings, openModelGraph } from "../../src/engine/index.ts";
import { decode } from "../golden/decoded.ts";
import { formulaModel, type Formula } from "./formula-model.ts";

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

/** Seven tokens over and over, and once another one in their midst. */
const script = Array.from({ length: 300 }, (_, position) => (position === 40 ? 50 : 3 + (position % 7)));
const prompt = script.slice(0, 10);
const tokens = 120;

async function passesOf(blockContext: Formula["blockContext"], promptLookup: number) {
  const formula = { vocabulary: 101, script, addsSum: false, ...(blockContext && { blockContext }) };
  const { config, graph } = await openModelGraph(await formulaModel(formula), { device: "cpu", threads: 1 });
  closing.push(async () => await graph.close());
  const settings = {
    ...defaultSettings(1),
    strategy: "self_speculative",
    promptLookup,
    maxTokens: tokens,
  } as const;
  const { ids, steps } = await decode(new Session(config, graph), { promptIds: prompt, settings });
  expect(ids.slice(0, prompt.length + tokens)).toEqual(script.slice(0, prompt.length + tokens));
  return steps.map(({ unmasked }) => unmasked.length);
}

const forms = ["block", "causal"] as const;

test.for(forms)(
  "a text that repeats itself is read off, more at once the longer it does (%s)",
  async (form) => {
    const placed = await passesOf(form, 16);
    expect(placed.length).toBeLessThan(tokens / 5);
    expect(Math.max(...placed)).toBe(17);
    expect(Math.max(...(await passesOf(form, 4)))).toBe(5);
  },
);

test.for(forms)("without lookup block length 1 is one token a pass (%s)", async (form) => {
  expect(await passesOf(form, 0)).toEqual(Array.from({ length: tokens }, () => 1));
});
