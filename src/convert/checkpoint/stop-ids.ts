import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../errors.ts";
import type { CheckpointConfig } from "./config.ts";
import { readJson } from "./json-file.ts";

const generationSchema = z.looseObject({ eos_token_id: z.union([z.int(), z.array(z.int())]).nullish() });
const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })).nullish(),
});
const tokenizerConfigSchema = z.looseObject({
  added_tokens_decoder: z.record(z.string(), z.looseObject({ content: z.string() })).nullish(),
});

/** Texts of the tokens that end a turn or a document in SDAR's and SmolLM's vocabularies. */
const endNames = ["<|im_end|>", "<|endoftext|>"];

/**
 * What ends a reply: generation_config.json says it for chat models. config.json alone often names only the end of a
 * document, so the tokens that end a turn are added by name.
 * @throws UserError model-invalid if there is none, or one outside the vocabulary
 */
export async function stopIdsOf(folder: string, source: CheckpointConfig): Promise<number[]> {
  const generation = await readJson(join(folder, "generation_config.json"), generationSchema);
  const named = [generation?.eos_token_id ?? []].flat();
  const ids = named.length > 0 ? named : await guessedIds(folder, source);
  const outside = ids.find((id) => id < 0 || id >= source.vocab_size);
  if (outside === undefined) return [...new Set(ids)];
  throw new UserError(
    "model-invalid",
    `${folder} names ${outside} as a token that ends a reply, which lies outside the vocabulary of ${source.vocab_size}: use the files that belong together.`,
  );
}

async function guessedIds(folder: string, source: CheckpointConfig): Promise<number[]> {
  const tokens = await addedTokenIds(folder);
  const byName = endNames.map((name) => tokens.get(name)).filter((id) => id !== undefined);
  const all = [...byName, ...[source.eos_token_id ?? []].flat()];
  if (all.length > 0) return all;
  throw new UserError(
    "model-invalid",
    `${folder} names no token that ends a reply: add "eos_token_id" to its generation_config.json.`,
  );
}

/** Ids of a checkpoint's added tokens by their text, from whichever tokenizer file lists them. */
async function addedTokenIds(folder: string): Promise<Map<string, number>> {
  const tokenizer = await readJson(join(folder, "tokenizer.json"), tokenizerSchema);
  const config = await readJson(join(folder, "tokenizer_config.json"), tokenizerConfigSchema);
  const fromConfig = Object.entries(config?.added_tokens_decoder ?? {});
  return new Map([
    ...(tokenizer?.added_tokens ?? []).map(({ id, content }): [string, number] => [content, id]),
    ...fromConfig.map(([id, { content }]): [string, number] => [content, Number(id)]),
  ]);
}
