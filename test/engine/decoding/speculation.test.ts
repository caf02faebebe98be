import { expect, test } from "vitest";
import { formOf } from "../../../src/engine/rows/forms.ts";
import type { Reading } from "../../../src/engine/decoding/readings.ts";
import { Rows } from "../../../src/engine/rows/rows.ts";
import {
  acceptedDrafts,
  planWindow,
  guessesBehind,
  windowEnd,
  type Window,
} from "../../../src/engine/decoding/speculation.ts";
import { configOf } from "../../synthetic/formula-model.ts";

const draftsOf = (...tokens: number[]) => tokens.map((token) => ({ token, probability: 0.8 }));

const readingsOf = (start: number, ...pairs: [token: number, confidence: number][]): Reading[] =>
  pairs.map(([token, confidence], index) => ({
    position: start + index,
    token,
    confidence,
    entropy: 0,
    runnersUp: [],
  }));

const plan = (drafts: number, end: number, settings = {}) => {
  const given = { blockLength: 4, lookaheadThreshold: 0, hedgeThreshold: 2, ...settings };
  const window = planWindow(10, draftsOf(...Array.from({ length: drafts }, () => 7)), end, given);
  return [window.drafts.length, window.ahead, windowEnd(window)];
};

test("a window guesses a block length ahead of its drafts, the last verifier counted", () => {
  expect(plan(0, 100)).toEqual([0, 3, 14]);
  expect(plan(3, 100)).toEqual([3, 3, 17]);
  expect(plan(3, 100, { blockLength: 1 })).toEqual([3, 0, 14]);
});

test("no guess for the last position is made or checked", () => {
  expect(plan(0, 13)).toEqual([0, 1, 12]);
  expect(plan(0, 11)).toEqual([0, 0, 11]);
  expect(plan(3, 12)).toEqual([1, 0, 12]);
  expect(plan(3, 5)).toEqual([0, 0, 11]);
});

test("behind drafts that are unlikely to be right no guess is made", () => {
  expect(plan(2, 100, { lookaheadThreshold: 0.64 })).toEqual([2, 3, 16]);
  expect(plan(2, 100, { lookaheadThreshold: 0.65 })).toEqual([2, 0, 13]);
  // without drafts nothing can be wrong
  expect(plan(0, 100, { lookaheadThreshold: 1 })).toEqual([0, 3, 14]);
  expect(plan(0, 100, { lookaheadThreshold: 1.1 })).toEqual([0, 0, 11]);
});

test("drafts stand up to the first that its verifier does not choose", () => {
  const window: Window = { start: 10, drafts: draftsOf(1, 2, 3), ahead: 1, hedges: [] };
  const accepted = (...tokens: number[]) =>
    acceptedDrafts(window, readingsOf(10, ...tokens.map((token): [number, number] => [token, 1])));
  expect(accepted(1, 2, 3, 4, 5)).toBe(3);
  expect(accepted(1, 9, 3, 4, 5)).toBe(1);
  expect(accepted(9, 2, 3, 4, 5)).toBe(0);
});

/** The hedges of a window whose drafts are right with 0.6, 0.5 and 0.9, as [after, masks]. */
const hedges = (end: number, settings = {}, mostRows = Infinity) => {
  const given = { blockLength: 4, lookaheadThreshold: 0, hedgeThreshold: 0.1, ...settings };
  const drafts = [0.6, 0.5, 0.9].map((probability) => ({ token: 7, probability }));
  return planWindow(10, drafts, end, given, { mostRows, sharesFirst: true }).hedges.map(
    ({ after, masks }) => [after, masks],
  );
};

test("refusals are hedged by what they are worth, a mask half of the one before it", () => {
  // refused with the chances 0.4, 0.3 and 0.03
  expect(hedges(100)).toEqual([
    [0, 3],
    [1, 2],
  ]);
  expect(hedges(100, { hedgeThreshold: 0.35 })).toEqual([[0, 1]]);
  expect(hedges(100, { hedgeThreshold: 0 })).toEqual([
    [0, 3],
    [1, 3],
    [2, 3],
  ]);
  expect(hedges(100, { hedgeThreshold: 2 })).toEqual([]);
  expect(hedges(100, { blockLength: 2 })).toEqual([
    [0, 1],
    [1, 1],
  ]);
  // no guess for the last position
  expect(hedges(13)).toEqual([[0, 1]]);
  // three rows are left beside drafts, verifiers and masks ahead: the worthiest of all masks first
  expect(hedges(100, {}, 10)).toEqual([
    [0, 2],
    [1, 1],
  ]);
});

test("behind a refused draft stands what its hedge says, and nothing without one", () => {
  const window: Window = {
    start: 10,
    drafts: draftsOf(1, 2, 3),
    ahead: 1,
    hedges: [
      { after: 0, masks: 1 },
      { after: 2, masks: 2 },
    ],
  };
  const behind = (...verified: number[]) => {
    const checks = verified.map((token): [number, number] => [token, 1]);
    const readings = readingsOf(10, ...checks, [50, 0.9], [60, 0.8], [70, 0.7], [71, 0.6]);
    return guessesBehind(window, readings).map(({ token }) => token);
  };
  expect(behind(1, 2, 3, 4)).toEqual([50]);
  expect(behind(9, 2, 3, 4)).toEqual([60]);
  expect(behind(1, 9, 3, 4)).toEqual([]);
  expect(behind(1, 2, 9, 4)).toEqual([70, 71]);
});

test("more drafts than a pass has room for are left out, then masks ahead, then hedges", () => {
  const given = { blockLength: 4, lookaheadThreshold: 0, hedgeThreshold: 0 };
  const drafts = Array.from({ length: 20 }, (_, token) => ({ token, probability: 0.8 }));
  const rowsOf = (mostRows: number, sharesFirst: boolean, count = 20) => {
    const window = planWindow(10, drafts.slice(0, count), 100, given, { mostRows, sharesFirst });
    const hedged = window.hedges.reduce((sum, { masks }) => sum + masks, 0);
    return [window.drafts.length, window.ahead, hedged];
  };
  expect(rowsOf(12, true)).toEqual([11, 0, 0]);
  expect(rowsOf(12, false)).toEqual([5, 0, 0]);
  expect(rowsOf(13, false)).toEqual([5, 1, 0]);
  expect(rowsOf(12, true, 7)).toEqual([7, 3, 1]);
});

const mask = 99;

/** Rows as [id, position, carry], and who sees whom: a line a row, x where it sees. */
function laidOut(
  blockContext: "block" | "causal",
  ids: readonly number[],
  from: number,
  drafts: number[],
  hedged: Window["hedges"] = [],
) {
  const rows = new Rows();
  const start = ids.length;
  const masked = Array.from({ length: drafts.length + 3 }, (_, index) => start + index);
  const sequence = { ids: [...ids, ...masked.map(() => mask)], masked, borders: ids.map((_, at) => at + 1) };
  const window = { start, drafts: draftsOf(...drafts), ahead: 2, hedges: hedged };
  formOf(configOf({ vocabulary: 100, script: [9], blockContext })).layOutWindow(rows, sequence, from, window);
  const list = Array.from(rows.ids, (id, row) => [Number(id), Number(rows.positions[row]), rows.carry[row]]);
  const sees = list.map((_, row) =>
    Array.from(rows.mask.subarray(row * rows.length, (row + 1) * rows.length), (value) =>
      value === 0 ? "x" : ".",
    ).join(""),
  );
  return {
    rows: list,
    sees,
    slots: rows.slots,
    asked: Array.from(rows.asked, Number),
    settled: rows.settled,
  };
}

test("SDAR's form: known token, drafts, their verifiers and one more, masks ahead", () => {
  expect(laidOut("block", [1, 2, 3], 2, [4, 5])).toEqual({
    rows: [
      [3, 2, 0],
      [4, 3, 0],
      [5, 4, 0],
      [mask, 3, 0],
      [mask, 4, 0],
      [mask, 5, 0],
      [mask, 6, 0],
      [mask, 7, 0],
    ],
    sees: ["x.......", "xx......", "xxx.....", "x..x....", "xx..x...", "xxx..x..", "xxx..xxx", "xxx..xxx"],
    slots: [3, 4, 5, 6, 7],
    asked: [3, 4, 5, 6, 7],
    settled: 3,
  });
});

test("carry-over masks: verifiers carry the token before them and do not see its row", () => {
  expect(laidOut("causal", [1, 2, 3], 1, [4])).toEqual({
    rows: [
      [2, 1, 0],
      [3, 2, 0],
      [4, 3, 0],
      [3, 2, 1],
      [4, 3, 1],
      [mask, 4, 0],
      [mask, 5, 0],
    ],
    sees: ["x......", "xx.....", "xxx....", "x..x...", "xx..x..", "xxx.xxx", "xxx.xxx"],
    slots: [3, 4, 5, 6],
    asked: [3, 4, 5, 6],
    settled: 3,
  });
});

test("hedges stand behind all other rows and do not see the draft that they take for refused", () => {
  const refused = [{ after: 0, masks: 2 }];
  expect(laidOut("block", [1, 2], 1, [4], refused)).toMatchObject({
    rows: [
      [2, 1, 0],
      [4, 2, 0],
      [mask, 2, 0],
      [mask, 3, 0],
      [mask, 4, 0],
      [mask, 5, 0],
      [mask, 3, 0],
      [mask, 4, 0],
    ],
    sees: ["x.......", "xx......", "x.x.....", "xx.x....", "xx.xxx..", "xx.xxx..", "x.x...xx", "x.x...xx"],
    slots: [2, 3, 4, 5, 3, 4],
  });
  expect(laidOut("causal", [1, 2], 1, [4], refused).rows.slice(-2)).toEqual([
    [mask, 2, 0],
    [mask, 3, 0],
  ]);
});
