import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

const questionSchema = z.strictObject({
  kind: z.string(),
  items: z.array(z.string()),
  prompt: z.string(),
  answers: z.array(z.string()),
  wrong: z.array(z.string()),
  reply: z.string(),
});

const conversationSchema = z.strictObject({
  messages: z.array(z.strictObject({ role: z.enum(["user", "assistant"]), content: z.string() })),
  answer: z.string(),
  ended: z.boolean(),
});

/** A question that the original answers right, with its reply. */
export type HeldQuestion = z.infer<typeof questionSchema>;

/** A conversation up to a question, and the original's greedy answer to it; `ended`: by itself. */
export type HeldConversation = z.infer<typeof conversationSchema>;

export interface EvaluationData {
  readonly questions: readonly HeldQuestion[];
  readonly conversations: readonly HeldConversation[];
  /** of each file: results of other data are none of these */
  readonly hashes: Readonly<Record<"questions" | "conversations", string>>;
}

/** Reads what `blockdiff evaluation` wrote. @throws ZodError */
export function readData(folder = import.meta.dirname): EvaluationData {
  const questions = readFileSync(path.join(folder, "questions.jsonl"));
  const conversations = gunzipSync(readFileSync(path.join(folder, "conversations.jsonl.gz")));
  return {
    questions: lines(questions).map((line) => questionSchema.parse(line)),
    conversations: lines(conversations).map((line) => conversationSchema.parse(line)),
    hashes: { questions: hashOf(questions), conversations: hashOf(conversations) },
  };
}

function hashOf(text: Buffer): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Prompts that weights were trained on before the recipe's own templates. */
export function readEarlierPrompts(): string[] {
  const text = gunzipSync(readFileSync(path.join(import.meta.dirname, "earlier-prompts.jsonl.gz")));
  return lines(text).map((line) => z.strictObject({ prompt: z.string() }).parse(line).prompt);
}

function lines(text: Buffer): unknown[] {
  return text
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

/** The `tenth`-th (0 to 9) of `all`: every tenth one, so that a tenth is a fair sample. */
export function tenthOf<Item>(all: readonly Item[], tenth: number): Item[] {
  return all.filter((_, index) => index % 10 === tenth);
}
