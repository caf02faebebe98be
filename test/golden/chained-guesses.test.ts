import * as fc from "fast-check";
import { expect, test } from "vitest";
import { chainGuesses, withScores } from "../../src/engine/decoding/chained-guesses.ts";
import { Decoding } from "../../src/engine/decoding/decoding.ts";
import { Session } from "../../src/engine/decoding/session.ts";
import { acceptedDrafts, guessesAfter } from "../../src/engine/decoding/speculation.ts";
import type { Chain } from "../../src/engine/graph/chain.ts";
import type { Graph, PassResult } from "../../src/engine/graph/graph.ts";
import { defaultSettings } from "../../src/engine/index.ts";
import { freshSession } from "./sessions.ts";

/** The graph, and what its last pass said. */
function recorded(graph: Graph): { graph: Graph; last: () => PassResult } {
  let last: PassResult | undefined;
  const run: Graph["run"] = async (...args) => (last = await graph.run(...args));
  const recording = new Proxy(graph, {
    get(target, name) {
      if (name === "run") return run;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const result = () => {
    if (last === undefined) throw new Error("no pass ran");
    return last;
  };
  return { graph: recording, last: result };
}

const settings = {
  ...defaultSettings(4),
  strategy: "self_speculative",
  draftThreshold: 0,
  lookaheadThreshold: 0,
  hedgeThreshold: 0,
} as const;

test("a guess is the best of the pass's most probable tokens behind the two before it; all others are the pass's own", async () => {
  const { config, graph, chain } = freshSession("chained");
  if (chain === undefined) throw new Error("no chain");
  const recording = recorded(graph);
  const decoding = new Decoding(
    new Session(config, recording.graph, chain),
    { promptIds: [3, 141, 59, 26, 5] },
    settings,
  );
  const { topTokens, architecture } = config;
  const counts = { chained: 0, turned: 0, behindHedges: 0 };
  for (let pass = 0; pass < 40; pass++) {
    const { window } = decoding.open(settings);
    if (window === undefined) throw new Error("no window");
    const text = decoding.sequence.ids.slice(0, window.start);
    const step = await decoding.step(settings);
    const readings = [...step.readings, ...step.hedged];
    const { topValues, topIndices, logSumExp, hidden } = recording.last();
    const accepted = acceptedDrafts(window, readings);
    text.push(...readings.slice(0, accepted + 1).map(({ token }) => token));
    const [from, to] = guessesAfter(window, accepted);
    if (to > from && accepted < window.drafts.length) counts.behindHedges++;
    const edges = (row: number) => [row * topTokens, (row + 1) * topTokens] as const;
    const isChained = (row: number) => row >= from && row < to;
    const own = readings.map(({ token }, row) => (isChained(row) ? token : topIndices[edges(row)[0]]));
    expect(readings.map(({ token }) => token)).toEqual(own);
    for (const [index, { token, confidence, alone }] of readings.slice(from, to).entries()) {
      const row = from + index;
      const tokens = topIndices.subarray(...edges(row));
      const size = architecture.hiddenSize;
      const scores = await chain.scores(
        hidden?.subarray(row * size, (row + 1) * size) ?? new Float32Array(),
        [text.at(-2) ?? 0, text.at(-1) ?? 0],
        tokens,
      );
      const values = Array.from(topValues.subarray(...edges(row)));
      const sums = values.map((value, at) => value + (scores[at] ?? 0));
      const best = sums.indexOf(Math.max(...sums));
      const share = (score: number) => Math.exp(score - (logSumExp[row] ?? 0));
      const total = sums.reduce((sum, score) => sum + share(score), 0);
      const others = 1 - values.reduce((sum, score) => sum + share(score), 0);
      expect(token).toBe(tokens[best]);
      expect(confidence).toBeCloseTo(share(sums[best] ?? 0) / (total + others), 5);
      expect(alone).toBeCloseTo(share(values[0] ?? 0), 5);
      text.push(token);
      counts.chained++;
      if (best > 0) counts.turned++;
    }
  }
  expect(counts.chained).toBeGreaterThan(40);
  expect(counts.turned).toBeGreaterThan(10);
  expect(counts.behindHedges).toBeGreaterThan(5);
});

const reading = (position: number) => ({ position, token: 7, confidence: 0.1, entropy: 0, runnersUp: [] });

test("where a token would be drawn from all, a guess is drawn among those that the pass brought", async () => {
  const { vocabulary } = freshSession("chained");
  const chain: Chain = {
    scores: (_, __, candidates) =>
      Promise.resolve(Float32Array.from(candidates, (id) => (id === 12 ? 30 : 0))),
    close: () => Promise.resolve(),
  };
  const window = { start: 2, drafts: [], ahead: 1, hedges: [] };
  const result = {
    topValues: new Float32Array(2 * vocabulary.top),
    topIndices: Int32Array.from({ length: 2 * vocabulary.top }, (_, at) => at % vocabulary.top),
    logSumExp: Float32Array.of(6, 6),
    entropy: Float32Array.of(6, 6),
    hidden: new Float32Array(2 * 64),
  };
  const readings = [reading(2), reading(3)];
  const pass = { window, known: 3, result, readings };
  for (const topP of [1, 0.9]) {
    const drawn = { temperature: 1, topK: 0, topP, seed: 1 };
    const [verifier, guess] = await chainGuesses(chain, pass, drawn, vocabulary);
    expect(verifier).toEqual(readings[0]);
    expect(guess).toMatchObject({ position: 3, token: 12, entropy: 0 });
    expect(guess?.confidence).toBeGreaterThan(0.99);
  }
});

test("scores with something added are those of the softmax with it; tokens out of sight keep their weight", () => {
  const score = fc.double({ min: -8, max: 8, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(score, score), { minLength: 1, maxLength: 20 }),
      score,
      fc.constantFrom(1, 0.5, 2),
      (pairs, unseen, inverse) => {
        const values = pairs.map(([value]) => value).toSorted((a, b) => b - a);
        const logSumExp = Math.log([...values, unseen].reduce((sum, value) => sum + Math.exp(value), 0));
        const added = pairs.map(([, more]) => more);
        const tokens = values.map((_, index) => 100 + index);
        const found = withScores({ values, tokens, logSumExp }, added, inverse);
        const sums = values.map((value, index) => value + (added[index] ?? 0) * inverse);
        const wanted = Math.log([...sums, unseen].reduce((sum, value) => sum + Math.exp(value), 0));
        expect(found.logSumExp).toBeCloseTo(wanted, 6);
        expect(Array.from(found.values)).toEqual(sums.toSorted((a, b) => b - a));
        for (const [index, token] of Array.from(found.tokens).entries())
          expect(found.values[index]).toBe(sums[token - 100]);
      },
    ),
  );
});
