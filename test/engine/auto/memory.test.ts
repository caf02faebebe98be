import { expect, test } from "vitest";
import { freshAuto, learn, looksAt, type AutoState } from "../../../src/engine/auto/memory.ts";
import { defaultSettings, type Denoised } from "../../../src/engine/index.ts";

const settings = { ...defaultSettings(4), strategy: "self_speculative", promptLookup: 0 } as const;

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

/** A window of the way that is planned, whose draft stands, and which one came before it. */
function checked(
  promptLookup: number,
  lookedUp: { lookedUp?: true },
  last = "self_speculative 4",
): AutoState {
  const way = { strategy: "self_speculative", blockLength: 4 } as const;
  const plan = { way, bounds: {}, tokens: 1.5, rate: 1, wrong: 0 };
  const drafts = [{ token: 1, probability: 0.9, ...lookedUp }];
  const opened = learn(
    { ...freshAuto, plan, last, verdicts: freshAuto.verdicts.map(() => ({ doubt: 1, wrong: 1 })) },
    { type: "block_opened", block: 0, start: 5, ids: [], drafts, settings },
  );
  const slots = [0.9, 0.8].map((confidence, index) => ({
    position: 5 + index,
    token: 1,
    confidence,
    runnersUp: [],
    unmasked: true,
  }));
  const inForce = { ...settings, promptLookup };
  const times = { rows: 2, milliseconds: 9, elapsed: 9 };
  return learn(opened, { type: "denoised", block: 0, step: 0, slots, settings: inForce, ...times });
}

const doubts = ({ verdicts }: AutoState) => new Set(verdicts.map(({ doubt }) => doubt));
const ways = ({ yields }: AutoState) => Object.keys(yields);

test("of drafts that were looked up nothing is learnt of masks, nor forgotten", () => {
  expect(doubts(checked(0, {}))).toEqual(new Set([0.99, 0.99 + (1 - 0.9)]));
  expect(doubts(checked(8, { lookedUp: true }))).toEqual(new Set([1]));
});

test("a window of copies says nothing of what its way brings, and the one behind it neither", () => {
  expect(ways(checked(0, {}))).toEqual(["self_speculative 4"]);
  expect(ways(checked(8, {}))).toEqual([]);
  expect(ways(checked(0, {}, checked(8, {}).last))).toEqual([]);
});
