import { join } from "node:path";
import { z } from "zod";
import { readJson } from "./json-file.ts";

const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })).nullish(),
});
const tokenizerConfigSchema = z.looseObject({
  added_tokens_decoder: z.record(z.string(), z.looseObject({ content: z.string() })).nullish(),
});

/** Ids of a checkpoint's added tokens by their text, from whichever tokenizer file lists them. */
export async function readTokenIds(folder: string): Promise<Map<string, number>> {
  const tokenizer = await readJson(join(folder, "tokenizer.json"), tokenizerSchema);
  const config = await readJson(join(folder, "tokenizer_config.json"), tokenizerConfigSchema);
  const fromConfig = Object.entries(config?.added_tokens_decoder ?? {});
  return new Map([
    ...(tokenizer?.added_tokens ?? []).map(({ id, content }): [string, number] => [content, id]),
    ...fromConfig.map(([id, { content }]): [string, number] => [content, Number(id)]),
  ]);
}
