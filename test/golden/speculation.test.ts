import { afterAll, expect, test } from "vitest";
import { openEngine } from "../../src/engine/index.ts";
import { goldenModel } from "./models.ts";
import { settingsOf, speculativeTraces, type SpeculativeGolden } from "./traces.ts";

const cases = [...speculativeTraces("self-speculative"), ...speculativeTraces("carry")];

const engines = new Map(
  await Promise.all(
    [...new Set(cases.map(({ model }) => model))].map(async (model) => {
      const engine = await openEngine(await goldenModel(model), { device: "cpu", threads: 1 });
      return [model, engine] as const;
    }),
  ),
);

afterAll(async () => {
  for (const engine of engines.values()) await engine.close();
});

async function decode(golden: SpeculativeGolden) {
  const engine = engines.get(golden.model);
  if (engine === undefined) throw new Error(`no model ${golden.model}`);
  const stopTokenIds = golden.settings.stop_token_ids;
  return await engine.traceSpeculation({
    promptIds: golden.prompt,
    settings: settingsOf(golden),
    stopTokenIds,
  });
}

test("49 traces of SDAR's form and 12 of carry-over masks are at hand", () => {
  expect(cases.filter(({ model }) => model !== "carry-tiny")).toHaveLength(49);
  expect(cases.filter(({ model }) => model === "carry-tiny")).toHaveLength(12);
});

const near = (values: readonly number[]) => values.map((value): unknown => expect.closeTo(value, 3.7));

test.for(cases)("$id is guessed and checked as the reference does, pass by pass", async (golden) => {
  const { counts, settings, ...trace } = await decode(golden);
  expect(trace).toEqual({
    prompt: golden.prompt,
    passes: golden.passes.map((pass) => ({
      ...pass,
      confidence: near(pass.confidence),
      ahead_confidence: near(pass.ahead_confidence),
    })),
    ids: golden.ids,
    stopped: golden.stopped,
  });
  const { confidence_threshold: _, eb_threshold: __, ...given } = golden.settings;
  expect(settings).toMatchObject(given);
  expect(counts).toMatchObject({ passes: golden.passes.length, ...golden.counts });
});
