import { z } from "zod";
import { strategies, type DecodingSettings } from "../../src/engine/index.ts";
import { goldenNames } from "./models.ts";
import { readGolden } from "./safetensors.ts";

const ids = z.array(z.number());

const settingsSchema = z.object({
  strategy: z.enum(strategies),
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
  draft_threshold: z.number().default(0),
  lookahead_threshold: z.number().default(0),
  hedge_threshold: z.number().default(2),
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

const speculativeSchema = z.object({
  id: z.string(),
  model: z.enum(goldenNames),
  prompt: ids,
  settings: settingsSchema,
  passes: z.array(
    z.object({
      start: z.number(),
      ids,
      positions: ids,
      carry: ids.optional(),
      kinds: z.string(),
      verified: ids,
      confidence: z.array(z.number()),
      accepted: z.number(),
      tokens: ids,
      ahead: ids,
      ahead_confidence: z.array(z.number()),
      proposed: ids,
    }),
  ),
  ids,
  stopped: z.boolean(),
  counts: z.object({ prefill_rows: z.number(), passes: z.number(), rows: z.number() }).optional(),
});

export type SpeculativeGolden = z.infer<typeof speculativeSchema>;

const parseTraces = (file: string) =>
  z.object({ traces: z.array(z.unknown()) }).parse(readGolden(`decode/${file}.json`)).traces;

const hasPasses = z.object({ passes: z.array(z.unknown()) });

/** The traces of a file that self_speculative decodes. */
export function speculativeTraces(file: string): SpeculativeGolden[] {
  return parseTraces(file)
    .filter((trace) => hasPasses.safeParse(trace).success)
    .map((trace) => speculativeSchema.parse(trace));
}

/** The traces of a file that a remasking strategy decodes. */
export function goldenTraces(file: string): GoldenTrace[] {
  return parseTraces(file)
    .filter((trace) => !hasPasses.safeParse(trace).success)
    .map((trace) => traceSchema.parse(trace));
}

export function settingsOf({ settings: given }: Pick<GoldenTrace, "settings">): DecodingSettings {
  return {
    doubt: "off",
    autoBlocks: "trained",
    strategy: given.strategy,
    blockLength: given.block_length,
    denoisingSteps: given.denoising_steps ?? "block_length",
    threshold: given.confidence_threshold,
    entropyBudget: given.eb_threshold,
    draftThreshold: given.draft_threshold,
    lookaheadThreshold: given.lookahead_threshold,
    hedgeThreshold: given.hedge_threshold,
    promptLookup: 0,
    temperature: given.temperature,
    topK: given.top_k,
    topP: given.top_p,
    seed: given.seed,
    maxTokens: given.gen_length,
  };
}
