import { expect, test } from "vitest";
import { freshAuto, learn, looksAt, type AutoState } from "../../../src/engine/auto/memory.ts";
import { defaultSettings, type Denoised } from "../../../src/engine/index.ts";

const settings = { ...defaultSettings(4), strategy: "self_speculative" } as const;

/** A pass that placed its first token and guesses two more, 0.8 and 0.7 sure of them. */
function heard(change: Partial<Denoised>): AutoState {
  const slots = [0.9, 0.8, 0.7].map((confidence, index) => ({
    position: 5 + index,
    token: 1,
    confidence,
    runnersUp: [],
    unmasked: index === 0,
  }));
  const times = { rows: 3, milliseconds: 9, elapsed: 9 };
  return learn(freshAuto, { type: "denoised", block: 0, step: 0, slots, settings, ...times, ...change });
}

const lookOf = (state: AutoState) => {
  const [look] = looksAt(state, 3, "guessed");
  return [look?.inOrder.confidence, look?.atOnce.confidence];
};

test("of chained guesses windows and blocks are told different things: what they say, and what the pass itself did", () => {
  expect(lookOf(heard({ alone: [0.4, 0.2] }))).toEqual([
    [0.9, 0.8, 0.7],
    [0.9, 0.4, 0.2],
  ]);
  expect(lookOf(heard({}))).toEqual([
    [0.9, 0.8, 0.7],
    [0.9, 0.8, 0.7],
  ]);
});

test("behind a refused draft the look begins with what took its place", () => {
  const opened = learn(freshAuto, {
    type: "block_opened",
    block: 0,
    start: 5,
    ids: [],
    drafts: [{ token: 2, probability: 0.5 }],
    settings,
  });
  const slots = [0.9, 0.8].map((confidence, index) => ({
    position: 5 + index,
    token: 1,
    confidence,
    runnersUp: [],
    unmasked: index === 0,
  }));
  const hedged = [0.6, 0.5].map((probability) => ({ token: 3, probability }));
  const times = { rows: 4, milliseconds: 9, elapsed: 9 };
  const pass = { block: 0, step: 0, slots, hedged, alone: [0.3, 0.1], settings, ...times } as const;
  expect(lookOf(learn(opened, { type: "denoised", ...pass }))).toEqual([
    [0.9, 0.6, 0.5],
    [0.9, 0.3, 0.1],
  ]);
});

test("of drafts that were looked up nothing is learnt of masks, nor of the way", () => {
  const way = { strategy: "self_speculative", blockLength: 4 } as const;
  const plan = { way, bounds: {}, tokens: 1.5, rate: 1, wrong: 0 };
  const checked = (lookedUp: { lookedUp?: true }) => {
    const drafts = [{ token: 1, probability: 0.9, ...lookedUp }];
    const state = { ...freshAuto, plan, last: "self_speculative 4" };
    const opened = learn(state, { type: "block_opened", block: 0, start: 5, ids: [], drafts, settings });
    const slots = [0.9, 0.8].map((confidence, index) => ({
      position: 5 + index,
      token: 1,
      confidence,
      runnersUp: [],
      unmasked: true,
    }));
    const pass = { rows: 2, milliseconds: 9, elapsed: 9 };
    const { verdicts, yields } = learn(opened, {
      type: "denoised",
      block: 0,
      step: 0,
      slots,
      settings,
      ...pass,
    });
    return [verdicts.some(({ doubt }) => doubt > 0), Object.keys(yields)];
  };
  expect(checked({})).toEqual([true, ["self_speculative 4"]]);
  expect(checked({ lookedUp: true })).toEqual([false, []]);
});
