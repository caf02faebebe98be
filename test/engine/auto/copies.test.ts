import { expect, test } from "vitest";
import { choose, settingsOf, type AutoLimits } from "../../../src/engine/auto/auto.ts";
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

const planned = (state: AutoState, change: Partial<AutoLimits>, ...chances: number[]) =>
  settingsOf(withCopies(state, limits(change), chances));

test("what is looked up is checked, as far as it is worth its rows, and for one window alone", () => {
  const state = single(machines.twoOlderCores);
  // a row costs a sixth of a pass there: the third token is right with 0.2
  expect(planned(state, {}, 0.9, 0.8, 0.28)).toMatchObject({ blockLength: 1, draftThreshold: 0.71 });
  expect(planned(state, {}, 0.9, 0.8, 0.8)).toMatchObject({ blockLength: 1, draftThreshold: 0.57 });
  expect(planned(state, {}, 0.1)).toEqual(settingsOf(state));
  expect(planned(state, {})).toEqual(settingsOf(state));
  expect(withCopies(state, limits(), [0.9]).home).toBe(state.home);
});

test("where every row costs as much as the first, only what is as good as sure is", () => {
  const state = single(machines.everyRow);
  expect(planned(state, {}, 0.9, 0.9)).toEqual(settingsOf(state));
});

test("no more than a pass has room for", () => {
  const state = single(machines.gpu);
  const chances = [0.9, 0.9, 0.9, 0.9];
  expect(planned(state, {}, ...chances)).toMatchObject({ draftThreshold: 0.64 });
  expect(planned(state, { mostRows: 3 }, ...chances)).toMatchObject({ draftThreshold: 0.8 });
  expect(planned(state, { mostRows: 6, sharesFirst: false }, ...chances)).toMatchObject({
    draftThreshold: 0.8,
  });
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
    draftThreshold: 0.84,
  });
  const untrained = { doubt: "fast", blockLengths: [4, 8] } as const;
  expect(planned(inBlocks, untrained, ...sure)).toMatchObject(block);
});

test("before anything is measured too", () => {
  const state = choose(freshAuto, limits());
  expect(planned(state, {}, 0.95, 0.95, 0.95, 0.95)).toMatchObject({ strategy: "self_speculative" });
});
