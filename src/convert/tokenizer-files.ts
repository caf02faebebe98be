import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../errors.ts";
import { readJson } from "./checkpoint/json-file.ts";
import { tokenizerConfigSchema, tokenizerJson } from "./tokenizer-json.ts";

/**
 * Writes tokenizer.json, without blanks, tokenizer_config.json and, if the checkpoint has a template,
 * chat_template.jinja: what the checkpoint has, else made from the older files that hold the same.
 * @throws UserError model-invalid for a checkpoint without a tokenizer, or a damaged one
 */
export async function writeTokenizerFiles(from: string, to: string): Promise<void> {
  await writeFile(join(to, "tokenizer.json"), JSON.stringify(await readTokenizer(from)));
  await copyOrWrite(from, to, "tokenizer_config.json", async () => "{}\n");
  await copyOrWrite(from, to, "chat_template.jinja", () => templateInConfig(from));
}

/** @throws UserError model-invalid if nothing can become a tokenizer.json */
export async function readTokenizer(from: string): Promise<object> {
  return (await readJson(join(from, "tokenizer.json"), z.looseObject({}))) ?? (await joinOldFiles(from));
}

async function copyOrWrite(
  from: string,
  to: string,
  name: string,
  make: () => Promise<string | undefined>,
): Promise<void> {
  const content = (await readIfThere(join(from, name))) ?? (await make());
  if (content !== undefined) await writeFile(join(to, name), content);
}

async function joinOldFiles(from: string): Promise<object> {
  const vocabulary = await readJson(join(from, "vocab.json"), z.record(z.string(), z.int().nonnegative()));
  const merges = await readIfThere(join(from, "merges.txt"));
  const config = await readJson(join(from, "tokenizer_config.json"), tokenizerConfigSchema);
  if (!vocabulary || merges === undefined || !config) {
    throw new UserError(
      "model-invalid",
      `${from} has no tokenizer: copy the checkpoint's tokenizer.json there, or its vocab.json, merges.txt and tokenizer_config.json.`,
    );
  }
  return tokenizerJson({ vocabulary, merges, config });
}

const templateSchema = z.looseObject({
  chat_template: z
    .union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))])
    .nullish(),
});

/** Older checkpoints keep the template in tokenizer_config.json, alone or as one of several with names. */
async function templateInConfig(from: string): Promise<string | undefined> {
  const config = await readJson(join(from, "tokenizer_config.json"), templateSchema);
  const template = config?.chat_template;
  if (typeof template === "string") return template;
  return (template?.find(({ name }) => name === "default") ?? template?.[0])?.template;
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new UserError("file", `Can't read ${path}: ${error.message}.`, { cause: error });
  });
}
