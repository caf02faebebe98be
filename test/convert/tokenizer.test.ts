import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { writeTokenizerFiles } from "../../src/convert/tokenizer-files.ts";
import { openTokenizer } from "../../src/model/index.ts";
import { dataFolder } from "../golden/safetensors.ts";
import { checkpointCopy, editJson, temporaryFolder } from "./folders.ts";

const readJson = async (...path: string[]) => JSON.parse(await readFile(join(...path), "utf8"));

test("vocab.json, merges.txt and the configuration become the tokenizer.json that has the same content", async () => {
  const from = await checkpointCopy("dense-tiny");
  const published = await readJson(from, "tokenizer.json");
  await rm(join(from, "tokenizer.json"));
  const to = await temporaryFolder();
  await writeTokenizerFiles(from, to);
  const made = await readJson(to, "tokenizer.json");
  expect(made.model.vocab).toEqual(published.model.vocab);
  expect(made.model.merges.map(pair)).toEqual(published.model.merges.map(pair));
  expect(made.added_tokens).toEqual(published.added_tokens);
  expect(made.normalizer).toEqual(published.normalizer);
  expect(made.pre_tokenizer.pretokenizers[0]).toEqual(published.pre_tokenizer.pretokenizers[0]);
});

const pair = (merge: string | readonly string[]) => (typeof merge === "string" ? merge : merge.join(" "));

test("a tokenizer.json that is there is kept, without its blanks", async () => {
  const to = await temporaryFolder();
  await writeTokenizerFiles(join(dataFolder, "dense-tiny"), to);
  const text = await readFile(join(to, "tokenizer.json"), "utf8");
  expect(JSON.parse(text)).toEqual(await readJson(dataFolder, "dense-tiny", "tokenizer.json"));
  expect(text).toBe(JSON.stringify(JSON.parse(text)));
});

test("a template inside tokenizer_config.json becomes a file of its own", async () => {
  const from = await checkpointCopy("dense-tiny");
  const to = await temporaryFolder();
  await editJson(join(from, "tokenizer_config.json"), (config) =>
    Object.assign(config, { chat_template: "hi" }),
  );
  await writeTokenizerFiles(from, to);
  expect(await readFile(join(to, "chat_template.jinja"), "utf8")).toBe("hi");
});

test("of several templates the default one is taken", async () => {
  const from = await checkpointCopy("dense-tiny");
  const to = await temporaryFolder();
  const templates = [
    { name: "tools", template: "with tools" },
    { name: "default", template: "plain" },
  ];
  await editJson(join(from, "tokenizer_config.json"), (config) =>
    Object.assign(config, { chat_template: templates }),
  );
  await writeTokenizerFiles(from, to);
  expect(await readFile(join(to, "chat_template.jinja"), "utf8")).toBe("plain");
});

test("a template file goes before the one inside", async () => {
  const from = await checkpointCopy("dense-tiny");
  const to = await temporaryFolder();
  await editJson(join(from, "tokenizer_config.json"), (config) =>
    Object.assign(config, { chat_template: "old" }),
  );
  await writeFile(join(from, "chat_template.jinja"), "new");
  await writeTokenizerFiles(from, to);
  expect(await readFile(join(to, "chat_template.jinja"), "utf8")).toBe("new");
});

test("a checkpoint without a template has none in its model folder either", async () => {
  const to = await temporaryFolder();
  await writeTokenizerFiles(join(dataFolder, "dense-tiny"), to);
  expect(existsSync(join(to, "chat_template.jinja"))).toBe(false);
});

test("a checkpoint without a tokenizer is told which files it wants", async () => {
  const from = await checkpointCopy("dense-tiny");
  for (const name of ["tokenizer.json", "merges.txt"]) await rm(join(from, name));
  await expect(writeTokenizerFiles(from, await temporaryFolder())).rejects.toThrow(
    /has no tokenizer: .*tokenizer.json.*vocab.json, merges.txt and tokenizer_config.json/,
  );
});

test("a damaged tokenizer.json is named", async () => {
  const from = await checkpointCopy("dense-tiny");
  await writeFile(join(from, "tokenizer.json"), '{"model": ');
  await expect(writeTokenizerFiles(from, await temporaryFolder())).rejects.toThrow(
    /tokenizer.json is no valid JSON/,
  );
});

// The published tokenizer's files may be read where they lie but not carried along.
const golden = resolve(import.meta.dirname, "../../../shared/golden/chat");
const isThere = existsSync(golden);
if (!isThere) console.warn(`Skipped: ${golden} is not there.`);

const stringsSchema = z.array(
  z.object({
    text: z.string(),
    ids: z.union([z.array(z.number()), z.literal("refused")]),
    ids_as_plain_text: z.union([z.array(z.number()), z.literal("refused")]),
    decoded: z.string().optional(),
  }),
);

async function convertedTokenizer() {
  const to = await temporaryFolder();
  await writeTokenizerFiles(join(golden, "tokenizer"), to);
  const config = { maskTokenId: 151_669, stopTokenIds: [151_645, 151_643] };
  return { to, tokenizer: await openTokenizer({ path: to, config }) };
}

async function goldenStrings() {
  const content = await readJson(golden, "strings.json");
  const rows = stringsSchema.parse(Array.isArray(content) ? content : (content.strings ?? content.rows));
  return rows.filter(({ ids }) => ids !== "refused");
}

describe.skipIf(!isThere)("the tokenizer.json made of the published files", () => {
  test("gives every golden string its ids as plain text", async () => {
    const { tokenizer } = await convertedTokenizer();
    for (const { text, ids_as_plain_text: ids } of await goldenStrings()) {
      expect(tokenizer.encode(text)).toEqual(ids);
    }
  });

  test("gives every golden string its ids with special tokens", async () => {
    const { tokenizer } = await convertedTokenizer();
    for (const { text, ids } of await goldenStrings()) {
      expect(tokenizer.encodeChat({ guarded: text })).toEqual(ids);
    }
  });

  test("brings back every golden text through the library that tokenizer.json is made for", async () => {
    const { to } = await convertedTokenizer();
    const { PreTrainedTokenizer } = await import("@huggingface/transformers");
    const tokenizer = new PreTrainedTokenizer(
      await readJson(to, "tokenizer.json"),
      await readJson(to, "tokenizer_config.json"),
    );
    const options = { skip_special_tokens: false, clean_up_tokenization_spaces: false };
    for (const { text, ids, decoded } of await goldenStrings()) {
      const encoded = tokenizer.encode(text, { add_special_tokens: false });
      expect(encoded).toEqual(ids);
      const back = encoded.length === 0 ? "" : tokenizer.decode(encoded, options);
      expect(back).toBe(decoded);
    }
  });

  test("keeps the published template", async () => {
    const { to } = await convertedTokenizer();
    const template = await readFile(join(golden, "tokenizer/chat_template.jinja"), "utf8");
    expect(await readFile(join(to, "chat_template.jinja"), "utf8")).toBe(template);
  });

  test("marks special tokens as the configuration uses them", async () => {
    const { to } = await convertedTokenizer();
    const tokens: { id: number; special: boolean }[] = (await readJson(to, "tokenizer.json")).added_tokens;
    const special = (id: number) => tokens.find((token) => token.id === id)?.special;
    expect([151_643, 151_645, 151_669, 151_667].map(special)).toEqual([true, true, true, false]);
  });
});
