import { expect, test } from "vitest";
import { settingsOf } from "../../../src/engine/auto/auto.ts";
import type { AutoLimits } from "../../../src/engine/auto/ways.ts";
import { withCopies } from "../../../src/engine/auto/copies.ts";
import { freshAuto, learn, type AutoState } from "../../../src/engine/auto/memory.ts";
import { defaultSettings } from "../../../src/engine/index.ts";
import { machines, type Machine } from "./worlds.ts";

const limits = (change: Partial<AutoLimits> = {}): AutoLimits => ({
  doubt: "exact",
  blockLengths: [1, 2, 4],
  commits: false,
  sharesFirst: true,
  mostRows: Infinity,
  ...change,
});

/** One token at a time is in use, and known is what passes of 1 to 16 rows cost. */
function single(machine: Machine): AutoState {
  const settings = { ...defaultSettings(1), strategy: "self_speculative" } as const;
  let state: AutoState = freshAuto;
  for (let pass = 0; pass < 60; pass++) {
    const rows = [1, 2, 4, 8, 16][pass % 5] ?? 1;
    const milliseconds = machine(rows, 0);
    const event = { block: pass, step: 0, slots: [], settings, rows, milliseconds, elapsed: 0 };
    state = learn(state, { type: "denoised", ...event });
  }
  const way = { strategy: "self_speculative", blockLength: 1 } as const;
  const plan = { way, bounds: {}, tokens: 1, rate: 1 / machine(1, 0), wrong: 0 };
  return { ...state, plan, home: plan };
}

const wanted = defaultSettings(2);

const planned = (state: AutoState, change: Partial<AutoLimits>, ...chances: number[]) =>
  settingsOf(withCopies(state, limits(change), wanted, () => chances));

/** What is decided without copies. */
const without = (state: AutoState) => ({ ...settingsOf(state), promptLookup: 0 });

test("what is looked up is checked, as far as it is worth its rows, and for one window alone", () => {
  const state = single(machines.twoOlderCores);
  // a row costs a sixth of a pass there: the third token is right with 0.2
  expect(planned(state, {}, 0.9, 0.8, 0.28)).toMatchObject({
    blockLength: 1,
    promptLookup: 2,
    draftThreshold: 0.3,
  });
  expect(planned(state, {}, 0.9, 0.8, 0.8)).toMatchObject({
    blockLength: 1,
    promptLookup: 3,
    draftThreshold: 0.3,
  });
  expect(planned(state, {}, 0.7, 0.7, 0.6)).toMatchObject({ promptLookup: 3, draftThreshold: 0.29 });
  expect(planned(state, {}, 0.1)).toEqual(without(state));
  expect(planned(state, {})).toEqual(without(state));
  expect(withCopies(state, limits(), wanted, () => [0.9]).home).toBe(state.home);
});

test("where every row costs as much as the first, nothing is", () => {
  const state = single(machines.everyRow);
  expect(planned(state, {}, 0.9, 0.9)).toEqual(without(state));
});

test("masks ahead and hedges that the window would have are paid for too", () => {
  const state = single(machines.twoOlderCores);
  const way = { strategy: "self_speculative", blockLength: 4 } as const;
  const bounds = { draftThreshold: 0.1, lookaheadThreshold: 0, hedgeThreshold: 0 };
  const plan = { way, bounds, tokens: 1, rate: 1 / machines.twoOlderCores(1, 0), wrong: 0 };
  const guessing = { ...state, plan, home: plan };
  expect(planned(guessing, {}, 0.9)).toEqual(without(guessing));
  const bare = { ...plan, bounds: { ...bounds, lookaheadThreshold: 2, hedgeThreshold: 2 } };
  expect(planned({ ...state, plan: bare, home: bare }, {}, 0.9)).toMatchObject({
    blockLength: 4,
    promptLookup: 1,
  });
});

test("no more than a pass has room for, nor than is wanted", () => {
  const state = single(machines.gpu);
  const chances = [0.9, 0.9, 0.9, 0.9];
  expect(planned(state, {}, ...chances)).toMatchObject({ promptLookup: 4 });
  expect(planned(state, { mostRows: 3 }, ...chances)).toMatchObject({ promptLookup: 2 });
  expect(planned(state, { mostRows: 6, sharesFirst: false }, ...chances)).toMatchObject({ promptLookup: 2 });
  const asked: number[] = [];
  const ask = (most: number) => {
    asked.push(most);
    return chances.slice(0, most);
  };
  const few = withCopies(state, limits(), { ...wanted, promptLookup: 1 }, ask);
  expect(settingsOf(few)).toMatchObject({ promptLookup: 1 });
  withCopies(state, limits(), { ...wanted, promptLookup: 0 }, ask);
  expect(asked).toEqual([1]);
});

test("blocks give way to a window, but not of a model that is to guess none", () => {
  const block = { strategy: "low_confidence_dynamic", blockLength: 4 } as const;
  const state = single(machines.twoCores);
  const plan = { way: block, bounds: { threshold: 0.9 }, tokens: 1.5, rate: 1.5 / 8.4, wrong: 0.01 };
  const inBlocks = { ...state, plan, home: plan };
  const sure = [0.95, 0.95, 0.95];
  expect(planned(inBlocks, { doubt: "fast" }, ...sure)).toMatchObject({
    strategy: "self_speculative",
    blockLength: 2,
    promptLookup: 3,
  });
  const untrained = { doubt: "fast", blockLengths: [4, 8] } as const;
  expect(planned(inBlocks, untrained, ...sure)).toEqual(without(inBlocks));
});

test("a try is left as it is", () => {
  const state = single(machines.gpu);
  const { home, ...other } = state;
  const tried = home === undefined ? state : { ...other, home: { ...home } };
  expect(planned(tried, {}, 0.9)).toEqual(without(tried));
});
