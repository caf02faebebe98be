import { z } from "zod";
import { defaultSettings, doubts, strategies } from "../engine/index.ts";

/*
 * A transcript is JSON lines: a header, then for every turn `ask` (the message, the prompt's ids), `prefill`, one
 * line a block, and `end`. A line is written when what it says is final, so that a file that breaks off anywhere
 * has lost no more than what was being decoded.
 */

/** Raised when a program that knows only the older ones would misread a file. */
export const schemaVersion = 1;

const ids = z.array(z.int().nonnegative());
const count = z.int().nonnegative();
const milliseconds = z.number().nonnegative();

/** Files from before these settings don't hold them, and never used them. */
const { draftThreshold, lookaheadThreshold } = defaultSettings(1);

const settings = {
  doubt: z.enum(doubts).default("off"),
  autoBlocks: z.enum(["trained", "any"]).default("trained"),
  strategy: z.enum(strategies),
  blockLength: count,
  denoisingSteps: z.union([count, z.literal("block_length")]),
  threshold: z.number(),
  entropyBudget: z.number(),
  draftThreshold: z.number().default(draftThreshold),
  lookaheadThreshold: z.number().default(lookaheadThreshold),
  /** absent from files from before there were hedges */
  hedgeThreshold: z.number().exactOptional(),
  /** the same of prompt lookup */
  promptLookup: count.exactOptional(),
  temperature: z.number(),
  topK: z.number(),
  topP: z.number(),
  seed: z.number(),
  maxTokens: z.number(),
};

/** Settings that differ from those before. */
const changeSchema = z.object({
  doubt: z.enum(doubts).exactOptional(),
  autoBlocks: z.enum(["trained", "any"]).exactOptional(),
  strategy: settings.strategy.exactOptional(),
  blockLength: settings.blockLength.exactOptional(),
  denoisingSteps: settings.denoisingSteps.exactOptional(),
  threshold: settings.threshold.exactOptional(),
  entropyBudget: settings.entropyBudget.exactOptional(),
  draftThreshold: z.number().exactOptional(),
  lookaheadThreshold: z.number().exactOptional(),
  hedgeThreshold: settings.hedgeThreshold,
  promptLookup: settings.promptLookup,
  temperature: settings.temperature.exactOptional(),
  topK: settings.topK.exactOptional(),
  topP: settings.topP.exactOptional(),
  seed: settings.seed.exactOptional(),
  maxTokens: settings.maxTokens.exactOptional(),
});
export type SettingsChange = z.infer<typeof changeSchema>;

/**
 * One masked position of a step: offset in the block, token, its probability in 1e-5; then other tokens, each
 * followed by its probability, and the entropy in 1e-4 nats, where they are known.
 */
const slotSchema = z.tuple([count, count, count, ids.optional(), count.optional()]);
export type SlotLine = z.infer<typeof slotSchema>;

/** Milliseconds since the reply began, milliseconds of the pass, its rows, slots placed, slots that wait, new settings, what a hedge guesses. */
const stepSchema = z.tuple([
  milliseconds,
  milliseconds,
  count,
  z.array(slotSchema),
  z.array(slotSchema),
  changeSchema.optional(),
  ids.optional(),
]);
export type StepLine = z.infer<typeof stepSchema>;

export const headerSchema = z.object({
  type: z.literal("sdar-chat"),
  schema: z.literal(schemaVersion),
  startedAt: z.string(),
  program: z.object({ version: z.string(), build: z.string().exactOptional() }),
  /** `weights`: their sha256 */
  model: z.object({ name: z.string(), weights: z.string(), maskTokenId: count, stopTokenIds: ids }),
  device: z.string(),
  threads: count,
  system: z.string().exactOptional(),
});
/** First line of a transcript: what the conversation was held with. */
export type TranscriptHeader = z.infer<typeof headerSchema>;

/** A list that begins with the first `kept` numbers of an earlier one: what a chat repeats is not written again. */
const growingSchema = z.tuple([count, ids]);

/** Prompt ids go on from prompt and reply of the turn before, borders from those of its reply. */
const askSchema = z.object({
  type: z.literal("ask"),
  at: z.string(),
  user: z.string(),
  /** what of it nobody typed: kind, start, end in UTF-16 units */
  inserts: z.array(z.tuple([z.enum(["paste", "file"]), count, count])).exactOptional(),
  /** process that decodes the answer: while it lives, an answer without an end is no lost one */
  pid: count.exactOptional(),
  settings: z.object(settings),
  /** what the knobs stood at, where that differs: the answer was asked for again with others */
  knobs: changeSchema.exactOptional(),
  ids: growingSchema,
  borders: growingSchema,
});

const prefillSchema = z.object({ type: z.literal("prefill"), tokens: count, reused: count, milliseconds });

/**
 * A block, or what was known of it when the program had to end: then there is no `text`, and another line of the
 * same number may go on with it. `text`: how many of its ids, from `start` on, belong to the text.
 */
const blockSchema = z.object({
  type: z.literal("block"),
  number: count,
  start: count,
  length: z.int().positive().max(4096),
  /** self_speculative: guesses for the first masked positions, each followed by its probability in 1e-5 */
  drafts: ids.exactOptional(),
  settings: changeSchema.exactOptional(),
  steps: z.array(stepSchema),
  text: count.exactOptional(),
});
export type BlockLine = z.infer<typeof blockSchema>;

/** `ids` are the reply's own, borders go on from those of the prompt. */
const endSchema = z.object({
  type: z.literal("end"),
  reason: z.enum(["stop", "length", "context", "aborted", "failed", "cut"]),
  problem: z.string().exactOptional(),
  ids,
  borders: growingSchema,
  passes: z.object({ prefill: count, denoise: count, commit: count, fused: count }).exactOptional(),
  milliseconds: milliseconds.exactOptional(),
});

/**
 * The conversation goes back to its first `turns` turns. A program from before this line stops reading at it: it
 * shows what was said until then, and where it goes on with such a file it keeps the whole of it in a copy.
 */
const rewindSchema = z.object({ type: z.literal("rewind"), at: z.string(), turns: count });

export type GrowingList = z.infer<typeof growingSchema>;

/** Every line but the first. */
export const lineSchema = z.discriminatedUnion("type", [
  askSchema,
  prefillSchema,
  blockSchema,
  endSchema,
  rewindSchema,
]);
export type TranscriptLine = z.infer<typeof lineSchema>;
