import { expect, test } from "vitest";
import { z } from "zod";
import { choosePositions, plannedCount } from "../../src/engine/decoding/strategies.ts";
import { remaskingStrategies } from "../../src/engine/settings.ts";
import { readGolden } from "./safetensors.ts";

const selectionCase = z.object({
  name: z.string(),
  strategy: z.enum(remaskingStrategies),
  block_length: z.number(),
  denoising_steps: z.number(),
  confidence_threshold: z.number().optional(),
  unmasked_before: z.number(),
  confidence: z.array(z.number()),
  official: z.array(z.array(z.number())),
});

type SelectionCase = z.infer<typeof selectionCase>;

const { cases } = z.object({ cases: z.array(selectionCase) }).parse(readGolden("decode/selection.json"));

function fillBlock(given: SelectionCase): number[][] {
  let masked = [...given.confidence.keys()].slice(given.unmasked_before);
  const steps: number[][] = [];
  while (masked.length > 0) {
    const count = plannedCount(
      { blockLength: given.block_length, denoisingSteps: given.denoising_steps },
      steps.length,
    );
    const confidence = masked.map((position) => Math.fround(given.confidence[position] ?? 0));
    const limits = { count, threshold: given.confidence_threshold ?? 1, entropyBudget: 0 };
    const chosen = choosePositions(given.strategy, { confidence, entropy: [] }, limits).map(
      (i) => masked[i]!,
    );
    masked = masked.filter((position) => !chosen.includes(position));
    steps.push(chosen);
  }
  return steps;
}

test("there are 80 cases of selection", () => {
  expect(cases).toHaveLength(80);
});

test.for(cases.map((given, index) => [index, given.name, given] as const))(
  "selection %i fills the positions of the official code: %s",
  ([, , given]) => {
    expect(fillBlock(given)).toEqual(given.official);
  },
);
