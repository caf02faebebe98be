import { expect, test } from "vitest";
import { proposeDrafts } from "../../../src/engine/decoding/proposals.ts";

type Guess = Parameters<typeof proposeDrafts>[0][number];

const guess = (token: number, confidence: number, runnersUp: Guess["runnersUp"] = []): Guess => ({
  token,
  confidence,
  runnersUp,
});

const proposed = (
  guesses: readonly Guess[],
  text: readonly number[],
  draftThreshold = 0.3,
  promptLookup = 8,
) =>
  proposeDrafts(guesses, { ids: text, from: 0 }, { draftThreshold, promptLookup, stopTokenIds: [99] }).map(
    ({ token, probability }) => [token, Math.round(1000 * probability) / 1000],
  );

test("guesses are proposed from the left while the chance that all are right stays above the threshold", () => {
  const guesses = [guess(3, 0.8), guess(4, 0.5), guess(5, 1)];
  expect(proposed(guesses, [], 0.39)).toEqual([
    [3, 0.8],
    [4, 0.5],
    [5, 1],
  ]);
  expect(proposed(guesses, [], 0.4)).toEqual([[3, 0.8]]);
  expect(proposed(guesses, [], 0.8)).toEqual([]);
  expect(proposed([], [], 0)).toEqual([]);
});

/** Its last three tokens stood there before, and behind them 4, 5 and 6. */
const text = [1, 2, 3, 4, 5, 6, 9, 1, 2, 3];

test("without a guess, what followed where the text ran so before is proposed, surer the longer it does", () => {
  expect(proposed([], text)).toEqual([
    [4, 0.571],
    [5, 0.625],
  ]);
  expect(proposed([], text, 0.2)).toEqual([
    [4, 0.571],
    [5, 0.625],
    [6, 0.667],
  ]);
  expect(proposed([], text, 0.6)).toEqual([]);
});

test("no more than the setting allows, and none at 0", () => {
  expect(proposed([], text, 0, 1)).toEqual([[4, 0.571]]);
  expect(proposed([], text, 0, 0)).toEqual([]);
  expect(proposed([guess(8, 0.9), guess(7, 0.9)], text, 0, 0)).toEqual([
    [8, 0.9],
    [7, 0.9],
  ]);
});

test("a guess that was found too becomes surer, by four to one where three tokens are alike", () => {
  expect(proposed([guess(4, 0.5)], text, 0.49)).toEqual([
    [4, 0.8],
    [5, 0.625],
  ]);
});

/** What was found is a runner-up. */
const other = (chance: number) => [{ token: 4, probability: chance }];

test("a guess that was not found becomes less sure, or gives way to what was", () => {
  // odds of 4 to 1 for what had a chance of 0.1: 0.4 of 1.3
  expect(proposed([guess(7, 0.8, other(0.1))], text, 0.5)).toEqual([[7, 0.615]]);
  expect(proposed([guess(7, 0.5, other(0.4))], text, 0.7, 8)).toEqual([[4, 0.727]]);
  // not even named: as likely as what is left, at most as the last that is
  expect(proposed([guess(7, 0.9, [{ token: 8, probability: 0.02 }])], text, 0.5)).toEqual([[7, 0.849]]);
});

test("what stood behind a guess that gave way is not proposed", () => {
  const guesses = [guess(7, 0.5, [{ token: 4, probability: 0.4 }]), guess(8, 1)];
  expect(proposed(guesses, text, 0.4).map(([token]) => token)).toEqual([4, 5]);
});

test("a text that goes round in circles is followed round and round", () => {
  const circle = Array.from({ length: 60 }, (_, index) => index % 4);
  expect(proposed([], circle, 0.3, 6).map(([token]) => token)).toEqual([0, 1, 2, 3, 0, 1]);
});

test("behind a stop token nothing is looked up: what followed was another message", () => {
  const ended = [1, 2, 3, 4, 99, 6, 9, 1, 2, 3];
  expect(proposed([], ended, 0).map(([token]) => token)).toEqual([4, 99]);
});

test("drafts tell where something was looked up, for what masks are worth is learnt from the others", () => {
  const proposing = { draftThreshold: 0.1, promptLookup: 2, stopTokenIds: [] };
  const guesses = [guess(7, 0.8, other(0.1)), guess(8, 0.9), guess(9, 0.9)];
  const drafts = proposeDrafts(guesses, { ids: text, from: 0 }, proposing);
  expect(drafts.map(({ token, lookedUp }) => [token, lookedUp])).toEqual([
    [7, true],
    [8, undefined],
    [9, undefined],
  ]);
});
