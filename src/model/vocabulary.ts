import { z } from "zod";
import { UserError } from "../errors.ts";
import { tokenBytes } from "./byte-level.ts";
import type { AddedToken } from "./chat-text.ts";
import type { TokenTable } from "./token-text.ts";
import type { TokenizerFolder } from "./tokenizer.ts";

/** What every token is, by id. */
export interface Vocabulary extends TokenTable {
  readonly addedTokens: readonly AddedToken[];
}

const addedTokenSchema = z.object({
  id: z.int().nonnegative(),
  content: z.string().min(2),
  special: z.boolean(),
  // None of the models this program runs uses these, and ignoring them would give other ids than training had.
  lstrip: z.literal(false).default(false),
  rstrip: z.literal(false).default(false),
  single_word: z.literal(false).default(false),
});

/** The parts of tokenizer.json that decide what a token is; the rest is transformers' business. */
const tokenizerSchema = z.looseObject({
  model: z.looseObject({ type: z.literal("BPE"), vocab: z.custom<Record<string, number>>(isRecord) }),
  decoder: z.looseObject({ type: z.literal("ByteLevel") }),
  added_tokens: z.array(addedTokenSchema).default([]),
});

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads the token table out of a parsed tokenizer.json.
 * @throws UserError model-invalid: it is no byte-level BPE, the form of every SDAR checkpoint
 */
export function readVocabulary(json: unknown, folder: TokenizerFolder): Vocabulary {
  const parsed = tokenizerSchema.safeParse(json);
  if (!parsed.success) throw unknownForm(folder.path, parsed.error.issues[0]);
  const { model, added_tokens: addedTokens } = parsed.data;
  const { stopTokenIds, maskTokenId } = folder.config;
  const names: string[] = [];
  for (const [name, id] of Object.entries(model.vocab)) names[id] = name;
  const bytesById = new Map<number, Uint8Array>();
  for (const { id, content, special } of addedTokens) {
    names[id] = content;
    bytesById.set(id, special ? nothing : Buffer.from(content));
  }
  for (const id of [...stopTokenIds, maskTokenId]) bytesById.set(id, nothing);
  return {
    addedTokens,
    stopTokenIds,
    maskTokenId,
    name: (id) => names[id] ?? `[${id}]`,
    bytes(id) {
      const bytes = bytesById.get(id) ?? tokenBytes(names[id] ?? "") ?? nothing;
      bytesById.set(id, bytes);
      return bytes;
    },
  };
}

const nothing = new Uint8Array();

function unknownForm(folder: string, issue: { path: PropertyKey[]; message: string } | undefined): UserError {
  return new UserError(
    "model-invalid",
    `tokenizer.json in ${folder} is not a byte-level BPE that this program can read ` +
      `(${issue?.path.join(".")}: ${issue?.message}). SDAR checkpoints come with one: convert the model again.`,
  );
}
