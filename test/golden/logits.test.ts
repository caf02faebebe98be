import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { formOf } from "../../src/engine/rows/forms.ts";
import { openModelGraph, Rows } from "../../src/engine/index.ts";
import { partition, type Sequence } from "../../src/engine/rows/sequence.ts";
import { goldenModel, type GoldenName } from "./models.ts";
import { readGolden, readTensors } from "./safetensors.ts";

const vectorsSchema = z.object({
  cases: z.array(
    z.object({
      id: z.string(),
      block_length: z.number(),
      steps: z.array(
        z.object({
          name: z.string(),
          logits: z.string(),
          past_length: z.number(),
          stored: z.boolean(),
          input_ids: z.array(z.number()),
        }),
      ),
    }),
  ),
});

type VectorCase = z.infer<typeof vectorsSchema>["cases"][number];

const names: readonly GoldenName[] = ["dense-tiny", "dense-tiny-tied", "dense-tiny-bf16"];

const models = new Map(
  await Promise.all(
    names.map(async (name) => {
      const { config, graph } = await openModelGraph(await goldenModel(name), { device: "cpu", threads: 1 });
      return [name, { config, graph, tensors: readTensors(`${name}/vectors.safetensors`) }] as const;
    }),
  ),
);

afterAll(async () => {
  for (const { graph } of models.values()) await graph.close();
});

const cases = names.flatMap((name) =>
  vectorsSchema
    .parse(readGolden(`${name}/vectors.json`))
    .cases.map((given) => ({ name, id: given.id, given })),
);

test("there are logits of 19 cases", () => {
  expect(cases).toHaveLength(19);
});

/** Runs a step as the engine would, asking for the logits of every row; keeps what the step stores. */
async function run(
  name: GoldenName,
  before: readonly number[],
  step: VectorCase["steps"][number],
  block: number,
) {
  const model = models.get(name);
  if (model === undefined) throw new Error(`no model ${name}`);
  const ids = [...before, ...step.input_ids];
  const end = step.stored ? ids.length : step.past_length;
  const masked = step.input_ids.map((_, index) => step.past_length + index);
  const sequence: Sequence = { ids, masked, borders: partition(end, [], block) };
  const rows = new Rows();
  formOf(model.config).layOut(rows, sequence, model.graph.cached, ids.length);
  const { logits } = await model.graph.run(rows, 1, true);
  if (step.stored) model.graph.keep(rows.settled);
  const expected = model.tensors.get(step.logits);
  return { logits: logits ?? new Float32Array(0), expected: expected ?? new Float32Array(0) };
}

test.for(cases)("$name $id: every forward gives the official logits within 5e-4", async ({ name, given }) => {
  models.get(name)?.graph.truncate(0);
  const stored: number[] = [];
  for (const step of given.steps) {
    expect(models.get(name)?.graph.cached).toBe(step.past_length);
    const { logits, expected } = await run(name, stored, step, given.block_length);
    expect(logits).toHaveLength(expected.length);
    const differences = Array.from(expected, (value, at) => Math.abs(value - (logits[at] ?? Number.NaN)));
    expect(differences.reduce((a, b) => Math.max(a, b), 0)).toBeLessThan(5e-4);
    if (step.stored) stored.push(...step.input_ids);
  }
});
