import { afterAll, expect, test } from "vitest";
import { openEngine } from "../../src/engine/index.ts";
import { goldenModel, type GoldenName } from "./models.ts";
import { goldenTraces, settingsOf, type GoldenTrace } from "./traces.ts";

const files: readonly [GoldenName, string, number][] = [
  ["dense-tiny", "dense-tiny", 132],
  ["dense-tiny-tied", "dense-tiny-tied", 15],
  ["dense-tiny-bf16", "dense-tiny-bf16", 15],
  ["carry-tiny", "carry", 30],
];

const engines = new Map(
  await Promise.all(
    files.map(async ([model]) => {
      const engine = await openEngine(await goldenModel(model), { device: "cpu", threads: 1 });
      return [model, engine] as const;
    }),
  ),
);

afterAll(async () => {
  for (const engine of engines.values()) await engine.close();
});

const cases = files.flatMap(([model, file]) =>
  goldenTraces(file).map((golden) => ({ id: golden.id, model, golden })),
);

async function decode(model: GoldenName, golden: GoldenTrace) {
  const { prompt: promptIds, settings } = golden;
  const engine = engines.get(model);
  if (engine === undefined) throw new Error(`no model ${model}`);
  const stopTokenIds = settings.stop_token_ids;
  return await engine.trace({ promptIds, settings: settingsOf(golden), stopTokenIds });
}

test.for(files)("%s: %s.json has %i traces of our strategies", ([, file, count]) => {
  expect(goldenTraces(file)).toHaveLength(count);
});

test.for(cases)("$id is decoded as the official code decodes it, step by step", async ({ model, golden }) => {
  const trace = await decode(model, golden);
  const decisions = golden.steps.map((step, index) => {
    const { confidence, entropy } = trace.steps[index] ?? {};
    return { ...step, confidence, entropy };
  });
  expect(trace.steps).toEqual(decisions);
  expect(trace.ids).toEqual(golden.ids);
  expect(trace.stopped).toBe(golden.stopped);
  for (const [index, step] of golden.steps.entries()) {
    expectNear(trace.steps[index]?.confidence, step.confidence, 2e-4);
    expectNear(trace.steps[index]?.entropy, step.entropy, 1e-3);
  }
});

/**
 * The official loop prefills in a forward of its own and stores every block in another. Ours takes the prompt along
 * in the first denoising pass, and each block but the last in the first pass over the next one.
 */
test.for(cases)("$id takes no prefill and one commit at most", async ({ model, golden }) => {
  const { forwards } = await decode(model, golden);
  const { denoise, commit } = golden.forwards;
  expect(forwards).toEqual({
    prefill: 0,
    denoise,
    commit: Math.min(commit, 1),
    fused: Math.max(0, commit - 1),
  });
});

test("the dense traces take 3,563 forwards where the official loop takes 4,196", async () => {
  let official = 0;
  let ours = 0;
  for (const { model, golden } of cases.filter((each) => each.model !== "carry-tiny")) {
    const { forwards } = await decode(model, golden);
    ours += forwards.prefill + forwards.denoise + forwards.commit;
    official += golden.forwards.prefill + golden.forwards.denoise + golden.forwards.commit;
  }
  expect({ official, ours }).toEqual({ official: 4196, ours: 3563 });
});

function expectNear(
  actual: readonly number[] | undefined,
  expected: readonly number[] | undefined,
  by: number,
) {
  const differences = (expected ?? []).map((value, index) =>
    Math.abs(value - (actual?.[index] ?? Number.NaN)),
  );
  expect(actual?.length).toBe(expected?.length);
  expect(Math.max(0, ...differences)).toBeLessThan(by);
}
