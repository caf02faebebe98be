import * as fc from "fast-check";
import { expect, test } from "vitest";
import { leastScore } from "../../../src/engine/decoding/filters.ts";
import { gumbel, noiseAt } from "../../../src/engine/decoding/noise.ts";
import {
  drawFromAll,
  drawFromTop,
  needsAllLogits,
  type SamplingSettings,
} from "../../../src/engine/decoding/sampling.ts";

const greedy: SamplingSettings = { temperature: 0, topK: 0, topP: 1, seed: 1 };

function logSumExp(values: ArrayLike<number>): number {
  return Math.log(Array.from(values, Math.exp).reduce((sum, each) => sum + each, 0));
}

function top(values: Float32Array, count: number) {
  const tokens = [...values.keys()].toSorted((a, b) => values[b]! - values[a]!).slice(0, count);
  return { tokens, values: tokens.map((token) => values[token]!), logSumExp: logSumExp(values) };
}

test("at temperature 0 the most probable token is chosen, the first of equal ones", () => {
  const values = Float32Array.of(1, 3, 3, 2);
  expect(drawFromTop(top(values, 3), false, greedy, 0, [])).toBe(0);
  expect(top(values, 3).tokens[0]).toBe(1);
});

test("a banned token is never chosen, however probable", () => {
  const values = Float32Array.of(1, 30, 3, 2);
  expect(drawFromTop(top(values, 3), false, greedy, 0, [1])).toBe(1);
  for (let seed = 0; seed < 50; seed++) {
    for (const topK of [0, 1, 2]) {
      const settings = { temperature: 1, topK, topP: 0.9, seed };
      expect(drawFromAll(values, top(values, 2), settings, 0, [1])).not.toBe(1);
    }
  }
});

test("top-k 1 chooses the most probable token at any temperature and seed", () => {
  const values = Float32Array.of(1, 3, 2.9, 2);
  for (let seed = 0; seed < 50; seed++) {
    const settings = { temperature: 2, topK: 1, topP: 1, seed };
    expect(drawFromAll(values, top(values, 2), settings, 5, [])).toBe(1);
  }
});

test("draws follow the probabilities of what is kept", () => {
  const values = Float32Array.from([0.5, 0.3, 0.15, 0.05], Math.log);
  const counts = [0, 0, 0, 0];
  for (let position = 0; position < 6000; position++) {
    const token = drawFromAll(
      values,
      top(values, 2),
      { temperature: 1, topK: 3, topP: 1, seed: 3 },
      position,
      [],
    );
    counts[token]!++;
  }
  const shares = counts.map((count) => count / 6000);
  for (const [token, expected] of [0.5 / 0.95, 0.3 / 0.95, 0.15 / 0.95, 0].entries()) {
    expect(Math.abs(shares[token]! - expected)).toBeLessThan(0.025);
  }
});

test("choosing from the most probable tokens equals choosing from all, or says that it can't", () => {
  const logits = fc.array(fc.float({ min: -12, max: 12, noNaN: true }), { minLength: 20, maxLength: 60 });
  const settings = fc.record({
    temperature: fc.constantFrom(0.3, 1, 1.7),
    topK: fc.constantFrom(0, 1, 3, 8, 15, 30),
    topP: fc.constantFrom(0, 0.4, 0.9, 1),
    seed: fc.nat(),
  });
  let decided = 0;
  fc.assert(
    fc.property(logits, settings, fc.nat(1000), (raw, drawn, position) => {
      const values = Float32Array.from(raw, (logit) => logit / drawn.temperature);
      const most = top(values, 12);
      const index = drawFromTop(most, false, drawn, position, [4, 5]);
      expect(index !== undefined && needsAllLogits(drawn, 12)).toBe(false);
      if (index === undefined) return;
      decided++;
      expect(drawFromAll(values, most, drawn, position, [4, 5])).toBe(most.tokens[index]);
    }),
    { numRuns: 500 },
  );
  expect(decided).toBeGreaterThan(100);
});

test("the same seed, position and scores give the same token; another seed another one at times", () => {
  const values = new Float32Array(50);
  const draw = (seed: number, position: number) =>
    drawFromAll(values, top(values, 5), { temperature: 1, topK: 0, topP: 1, seed }, position, []);
  expect(draw(1, 2)).toBe(draw(1, 2));
  expect(new Set(Array.from({ length: 20 }, (_, seed) => draw(seed, 2))).size).toBeGreaterThan(5);
  expect(new Set(Array.from({ length: 20 }, (_, position) => draw(1, position))).size).toBeGreaterThan(5);
});

test("choosing from all is adding noise to every score that is kept and taking the largest sum", () => {
  const logits = fc.array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: 5, maxLength: 300 });
  const settings = fc.record({
    temperature: fc.constantFrom(0.3, 1, 5, 40),
    topK: fc.constantFrom(0, 4, 40, 1000),
    topP: fc.constantFrom(0.3, 0.95, 1),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(logits, settings, fc.nat(1000), (raw, drawn, position) => {
      const values = Float32Array.from(raw, (logit) => logit / drawn.temperature);
      const allowed = values.map((score, token) => (token === 3 ? -Infinity : score));
      const total = logSumExp(values);
      const scores = values
        .filter((_, token) => token !== 3)
        .toSorted()
        .toReversed();
      const least = leastScore(scores, true, total, drawn) ?? -Infinity;
      const noise = noiseAt(drawn.seed, position);
      const sums = Array.from(allowed, (score, token) =>
        score < least ? -Infinity : score + gumbel(noise, token),
      );
      const expected = sums.indexOf(Math.max(...sums));
      expect(drawFromAll(values, top(values, 4), drawn, position, [3])).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});
