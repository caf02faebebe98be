import { z } from "zod";

const count = z.int().positive();
const tokenId = z.int().nonnegative();

/** Positions that can be decoded together: as far as the knob goes. */
export const mostBlockLength = 256;

/** Settings a model folder may name for itself; keys as in the engine's DecodingSettings. */
const modelDefaults = z.strictObject({
  strategy: z
    .enum([
      "sequential",
      "low_confidence_static",
      "low_confidence_dynamic",
      "entropy_bounded",
      "self_speculative",
    ])
    .optional(),
  blockLength: count.optional(),
  denoisingSteps: z.union([count, z.literal("block_length")]).optional(),
  threshold: z.number().min(0).max(1).optional(),
  entropyBudget: z.number().nonnegative().optional(),
  draftThreshold: z.number().min(0).max(1).optional(),
  lookaheadThreshold: z.number().nonnegative().optional(),
  hedgeThreshold: z.number().nonnegative().optional(),
  promptLookup: z.int().min(0).max(64).optional(),
  temperature: z.number().nonnegative().optional(),
  topK: z.int().nonnegative().optional(),
  topP: z.number().min(0).max(1).optional(),
  maxTokens: count.optional(),
});

/** `config.json` of a model folder, version 1: all that the engine must know besides the graph itself. */
export const modelConfigSchema = z.strictObject({
  format: z.literal("sdar-chat-model"),
  version: z.literal(1),
  /** what a person calls the model */
  name: z.string().min(1),
  architecture: z.strictObject({
    layers: count,
    hiddenSize: count,
    intermediateSize: count,
    /** of those, so many at the end of each layer are for rows of masks alone: for a token's row they are zero */
    maskNeurons: count.optional(),
    /** neurons of the head that chains guesses: it says how likely a token is behind the two that were chosen before it */
    chainWidth: count.optional(),
    heads: count,
    kvHeads: count,
    headDim: count,
    vocabSize: count,
    ropeTheta: z.number().positive(),
    normEps: z.number().positive(),
    tiedEmbeddings: z.boolean(),
    qkNorm: z.boolean(),
  }),
  /** tokens that prompt and reply may have together */
  contextLength: count,
  /** "block": a token of a finished block sees its whole block (SDAR); "causal": only the tokens up to its own */
  blockContext: z.enum(["block", "causal"]),
  maskTokenId: tokenId,
  /** carry-over masks: a mask is fed as the token before it plus this token's embedding, one position back */
  maskCarryTokenId: tokenId.optional(),
  /** "zero": that embedding is nothing, so a mask at the edge of the known text computes what the token before it does */
  maskCarry: z.literal("zero").optional(),
  stopTokenIds: z.array(tokenId).min(1),
  /** the checkpoint's own block length */
  blockLength: count,
  /** block lengths that the checkpoint was trained at, ascending */
  trainedBlockLengths: z.array(count).min(1),
  weights: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("f32") }),
    z.strictObject({ kind: z.literal("q8"), blockSize: count }),
    z.strictObject({ kind: z.literal("q4"), blockSize: count }),
  ]),
  /** tokens that the graph returns a masked row: 64, or the vocabulary if that is smaller */
  topTokens: count,
  defaults: modelDefaults.optional(),
});

export type ModelConfig = z.infer<typeof modelConfigSchema>;
