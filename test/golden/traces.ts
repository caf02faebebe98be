import { z } from "zod";
import { strategies, type DecodingSettings } from "../../src/engine/index.ts";
import { readGolden } from "./safetensors.ts";

const ids = z.array(z.number());

const settingsSchema = z.object({
  strategy: z.enum([...strategies, "self_speculative"]),
  block_length: z.number(),
  denoising_steps: z.number().optional(),
  temperature: z.number(),
  top_k: z.number().default(1),
  top_p: z.number().default(1),
  seed: z.number().default(0),
  gen_length: z.number(),
  stop_token_ids: ids,
  confidence_threshold: z.number().default(0.9),
  eb_threshold: z.number().default(0.35),
});

const traceSchema = z.object({
  id: z.string(),
  prompt: ids,
  settings: settingsSchema,
  steps: z
    .array(
      z.object({
        block: z.number(),
        step: z.number(),
        transfer: z.number(),
        rows: z.array(z.tuple([z.number(), z.number(), z.number()])).optional(),
        masked: ids,
        tokens: ids,
        confidence: z.array(z.number()),
        entropy: z.array(z.number()).optional(),
        unmasked: ids,
      }),
    )
    .default([]),
  ids,
  stopped: z.boolean(),
  forwards: z
    .object({ prefill: z.number(), denoise: z.number(), commit: z.number().default(0) })
    .default({ prefill: 0, denoise: 0, commit: 0 }),
});

export type GoldenTrace = z.infer<typeof traceSchema>;

/** The traces of a file that one of our strategies decodes. */
export function goldenTraces(file: string): GoldenTrace[] {
  const { traces } = z.object({ traces: z.array(traceSchema) }).parse(readGolden(`decode/${file}.json`));
  return traces.filter(({ settings }) => settings.strategy !== "self_speculative");
}

export function settingsOf({ settings: given }: GoldenTrace): DecodingSettings {
  const strategy = strategies.find((each) => each === given.strategy);
  if (strategy === undefined) throw new Error(`no strategy ${given.strategy}`);
  return {
    strategy,
    blockLength: given.block_length,
    denoisingSteps: given.denoising_steps ?? "block_length",
    threshold: given.confidence_threshold,
    entropyBudget: given.eb_threshold,
    temperature: given.temperature,
    topK: given.top_k,
    topP: given.top_p,
    seed: given.seed,
    maxTokens: given.gen_length,
  };
}
