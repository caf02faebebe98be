import { expect, test } from "vitest";
import { z } from "zod";
import { leastScore } from "../../src/engine/decoding/filters.ts";
import { inverseTemperature } from "../../src/engine/decoding/sampling.ts";
import { readGolden, readTensors } from "./safetensors.ts";

const samplingCase = z.object({
  logits: z.string(),
  temperature: z.number(),
  top_k: z.number(),
  top_p: z.number(),
  kept: z.number(),
  tensors: z.string(),
});

type SamplingCase = z.infer<typeof samplingCase>;

const { cases } = z.object({ cases: z.array(samplingCase) }).parse(readGolden("sampling/sampling.json"));
const tensors = readTensors("sampling/sampling.safetensors");

const tensor = (name: string) => {
  const found = tensors.get(name);
  if (!found) throw new Error(`no tensor ${name}`);
  return found;
};

function distribution(given: SamplingCase) {
  const factor = inverseTemperature(given.temperature);
  const scores = Float32Array.from(tensor(given.logits), (logit) => logit * factor);
  const descending = scores.toSorted().toReversed();
  return { scores, descending, logSumExp: logSumExp(descending) };
}

function logSumExp(descending: ArrayLike<number>): number {
  const first = descending[0] ?? 0;
  return first + Math.log(Array.from(descending, (score) => Math.exp(score - first)).reduce((a, b) => a + b));
}

const settingsOf = (given: SamplingCase) => ({ topK: given.top_k, topP: given.top_p });

test("there are 208 cases of sampling", () => {
  expect(cases).toHaveLength(208);
});

test.for(cases)(
  "sampling $tensors: $logits at temperature $temperature, top-k $top_k, top-p $top_p draws from the official tokens",
  (given) => {
    const { scores, descending, logSumExp: total } = distribution(given);
    const least = leastScore(descending, true, total, settingsOf(given)) ?? Number.NaN;
    const kept = [...scores.keys()].filter((token) => scores[token]! >= least && scores[token]! > -Infinity);
    const keptTotal = logSumExp(kept.map((token) => scores[token]!).toSorted((a, b) => b - a));
    const indices = tensor(`${given.tensors}.indices`);
    // without a filter the official count is of probabilities that f32 can hold
    const filtered = given.top_k > 0 || given.top_p < 1;
    expect(kept.length).toBe(filtered ? given.kept : kept.length);
    const expected = tensor(`${given.tensors}.probabilities`);
    const confidences = tensor(`${given.tensors}.confidences`);
    // the official softmax of a vocabulary of 151,936 is 1.3e-5 from exact
    const tolerance = scores.length > 100_000 ? 2e-5 : 3e-6;
    for (const [at, token] of indices.entries()) {
      expect(scores[token]!).toBeGreaterThanOrEqual(least);
      expect(Math.abs(Math.exp(scores[token]! - keptTotal) - expected[at]!)).toBeLessThan(tolerance);
      expect(Math.abs(Math.exp(scores[token]! - total) - confidences[at]!)).toBeLessThan(tolerance);
    }
  },
);

test.for(cases)(
  "sampling $tensors: the 64 most probable tokens give the same limit, or say that they can't",
  (given) => {
    const { descending, logSumExp: total } = distribution(given);
    const whole = leastScore(descending, true, total, settingsOf(given));
    const top = leastScore(descending.subarray(0, 64), false, total, settingsOf(given));
    const needed = descending.findIndex((score) => score < (whole ?? Number.NaN));
    // the probabilities among the 100 largest need all of these
    const within = needed >= 0 && needed < 64 && given.top_k < 64;
    expect(top).toBe(within ? whole : undefined);
  },
);
