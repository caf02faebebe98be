import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenModel } from "../golden/models.ts";
import { readGolden, readTensors } from "../golden/safetensors.ts";
import { goldenCases, type GoldenStep } from "../golden/vector-file.ts";
import { GraphRunner, type PassResult, type Row } from "./graph-runner.ts";

const tolerance = 5e-4;
const vocabulary = 512;

const rowsOf = (step: GoldenStep): Row[] =>
  step.input_ids.map((id, at) => ({ id, position: step.past_length + at }));

/** SDAR's mask: a row sees its block and the blocks before it. */
const byBlocks = (rows: readonly Row[], length: number) => (i: number, j: number) =>
  Math.floor((rows[j]?.position ?? 0) / length) <= Math.floor((rows[i]?.position ?? 0) / length);

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let at = 0; at < a.length; at++) largest = Math.max(largest, Math.abs((a[at] ?? 0) - (b[at] ?? 0)));
  return largest;
}

describe.each(["dense-tiny", "dense-tiny-tied", "dense-tiny-bf16"] as const)("%s", (name) => {
  const cases = goldenCases(name);
  const expected = readTensors(`${name}/vectors.safetensors`);

  test.each(cases)("gives the official code's logits, step by step on its own cache: $id", async (golden) => {
    const graph = await GraphRunner.open(await goldenModel(name));
    let cache = graph.emptyCache();
    for (const step of golden.steps) {
      const rows = rowsOf(step);
      const result = await graph.run({ rows, sees: byBlocks(rows, golden.block_length) }, cache);
      expect(largestDifference(result.logits, expected.get(step.logits) ?? [])).toBeLessThan(tolerance);
      if (step.stored) cache = result.cache;
    }
    golden.cache?.forEach(({ key, value }, layer) => {
      const pairs = [
        [cache.keys[layer], key],
        [cache.values[layer], value],
      ] as const;
      for (const [ours, tensor] of pairs) {
        const theirs = headMajor(ours ?? [], graph.config.architecture);
        expect(largestDifference(theirs, expected.get(tensor) ?? [])).toBeLessThan(tolerance);
      }
    });
  });
});

/** [tokens, heads, size] -> [heads, tokens, size], the order of the golden caches. */
function headMajor(numbers: ArrayLike<number>, { kvHeads, headDim }: { kvHeads: number; headDim: number }) {
  const tokens = numbers.length / (kvHeads * headDim);
  return Float32Array.from({ length: numbers.length }, (_, at) => {
    const [head, token] = [Math.floor(at / (tokens * headDim)), Math.floor(at / headDim) % tokens];
    return numbers[(token * kvHeads + head) * headDim + (at % headDim)] ?? 0;
  });
}

const someRows = [7, 300, 505, 505, 41].map((id, position) => ({ id, position }));

async function tiny(): Promise<GraphRunner> {
  return GraphRunner.open(await goldenModel("dense-tiny"));
}

function logitsOf(result: PassResult, row: number): number[] {
  return [...result.logits.subarray(row * vocabulary, (row + 1) * vocabulary)];
}

test("log-sum-exp, entropy and the largest 64 are those of the logits", async () => {
  const result = await (await tiny()).run({ rows: someRows, inverseTemperature: 0.7 });
  for (let row = 0; row < someRows.length; row++) {
    const logits = logitsOf(result, row);
    const logSumExp = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    const entropy = logits.reduce((sum, logit) => sum - Math.exp(logit - logSumExp) * (logit - logSumExp), 0);
    expect(result.logSumExp[row]).toBeCloseTo(logSumExp, 4);
    expect(result.entropy[row]).toBeCloseTo(entropy, 4);
    const best = [...result.topValues.subarray(row * 64, (row + 1) * 64)];
    expect(best).toEqual(logits.toSorted((a, b) => b - a).slice(0, 64));
    const indices = [...result.topIndices.subarray(row * 64, (row + 1) * 64)];
    expect(indices.map((index) => logits[index])).toEqual(best);
  }
});

test("the inverse temperature multiplies the logits", async () => {
  const graph = await tiny();
  const plain = await graph.run({ rows: someRows });
  const cold = await graph.run({ rows: someRows, inverseTemperature: 4 });
  expect(
    largestDifference(
      cold.logits,
      plain.logits.map((logit) => 4 * logit),
    ),
  ).toBeLessThan(tolerance);
});

test("only the asked rows have logits, in the order asked, and all rows have keys and values", async () => {
  const graph = await tiny();
  const all = await graph.run({ rows: someRows });
  const some = await graph.run({ rows: someRows, headRows: [3, 0] });
  expect(some.logits).toHaveLength(2 * vocabulary);
  expect(largestDifference(logitsOf(some, 0), logitsOf(all, 3))).toBeLessThan(1e-4);
  expect(largestDifference(logitsOf(some, 1), logitsOf(all, 0))).toBeLessThan(1e-4);
  for (const [layer, keys] of some.cache.keys.entries()) {
    expect(largestDifference(keys, all.cache.keys[layer] ?? [])).toBeLessThan(1e-6);
  }
});

test("a row without company runs, on an empty cache and on a full one", async () => {
  const graph = await tiny();
  const first = await graph.run({ rows: someRows.slice(0, 1) });
  const second = await graph.run({ rows: someRows.slice(1, 2) }, first.cache);
  const both = await graph.run({ rows: someRows.slice(0, 2), sees: (i, j) => j <= i });
  expect(largestDifference(logitsOf(second, 0), logitsOf(both, 1))).toBeLessThan(1e-4);
});

const seesItselfAndTwo = (i: number, j: number) => i === j || j < 2;

test("what a row doesn't see doesn't move it", async () => {
  const graph = await tiny();
  const before = await graph.run({ rows: someRows, sees: seesItselfAndTwo });
  const changed = someRows.map((row, at) => (at === 3 ? { ...row, id: 99 } : row));
  const after = await graph.run({ rows: changed, sees: seesItselfAndTwo });
  expect(largestDifference(logitsOf(after, 2), logitsOf(before, 2))).toBe(0);
  expect(largestDifference(logitsOf(after, 3), logitsOf(before, 3))).toBeGreaterThan(0.1);
});

test("rows may repeat positions and come in any order", async () => {
  const graph = await tiny();
  const straight = await graph.run({ rows: someRows });
  const reversed = await graph.run({ rows: someRows.toReversed() });
  expect(largestDifference(logitsOf(reversed, 0), logitsOf(straight, 4))).toBeLessThan(1e-4);
});

const carrySchema = z.object({
  traces: z.array(
    z.object({
      prompt: z.array(z.number()),
      settings: z.object({ strategy: z.string(), temperature: z.number() }),
      steps: z
        .array(
          z.object({
            rows: z.array(z.tuple([z.number(), z.number(), z.number()])),
            tokens: z.array(z.number()),
            confidence: z.array(z.number()),
          }),
        )
        .optional(),
    }),
  ),
});

test("carry-over masks: the first step of every recorded decoding has its tokens and confidences", async () => {
  const graph = await GraphRunner.open(await goldenModel("carry-tiny"));
  const { traces } = carrySchema.parse(readGolden("decode/carry.json"));
  const { maskTokenId } = graph.config;
  let compared = 0;
  for (const { prompt, settings, steps } of traces) {
    const step = steps?.[0];
    if (!step) continue;
    const known = prompt.slice(0, -1).map((id, position) => ({ id, position }));
    const empty = graph.emptyCache();
    const cache =
      known.length === 0 ? empty : (await graph.run({ rows: known, sees: (i, j) => j <= i })).cache;
    const rows = step.rows.map(([id, position, carry]) => ({ id, position, carry: carry === 1 }));
    const masks = rows.map((row) => row.carry || row.id === maskTokenId);
    const headRows = rows.map((_, at) => at).filter((at) => masks[at]);
    const sees = (i: number, j: number) => seesInCarryForm(rows, masks, i, j);
    const result = await graph.run(
      { rows, sees, headRows, inverseTemperature: 1 / settings.temperature },
      cache,
    );
    step.tokens.forEach((token, at) => {
      const confidence = Math.exp((result.topValues[at * 64] ?? 0) - (result.logSumExp[at] ?? 0));
      expect(result.topIndices[at * 64]).toBe(token);
      expect(Math.abs(confidence - (step.confidence[at] ?? 0))).toBeLessThan(2e-4);
      compared++;
    });
  }
  expect(compared).toBeGreaterThan(100);
});

/** Tokens see tokens up to themselves; masks see all but the token they carry; the first mask sees no other mask. */
function seesInCarryForm(rows: readonly Row[], masks: readonly boolean[], i: number, j: number): boolean {
  if (!masks[i]) return !masks[j] && j <= i;
  if (masks[j]) return i === j || i !== masks.indexOf(true);
  return !(rows[i]?.carry === true && rows[j]?.position === rows[i]?.position);
}
