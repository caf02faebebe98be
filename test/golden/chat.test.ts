import { existsSync, readFileSync } from "node:fs";
import { cp, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { tokenizerConfigSchema, tokenizerJson } from "../../src/convert/index.ts";
import { type ChatMessage, openTokenizer, plainText, type Tokenizer } from "../../src/model/index.ts";
import { temporaryFolder } from "../model/folders.ts";

// The published tokenizer's files may be read where they lie but not carried along.
const golden = path.resolve(import.meta.dirname, "../../../shared/golden/chat");
const isThere = existsSync(golden);

const read = (name: string) => JSON.parse(readFileSync(path.join(golden, name), "utf8"));

/** The published files have no tokenizer.json: made of their parts, as convert makes it. */
async function publishedTokenizer(): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of ["tokenizer_config.json", "chat_template.jinja"]) {
    await cp(path.join(golden, "tokenizer", name), path.join(folder, name));
  }
  const json = tokenizerJson({
    vocabulary: read("tokenizer/vocab.json"),
    merges: readFileSync(path.join(golden, "tokenizer/merges.txt"), "utf8"),
    config: tokenizerConfigSchema.parse(read("tokenizer/tokenizer_config.json")),
  });
  await writeFile(path.join(folder, "tokenizer.json"), JSON.stringify(json));
  return folder;
}

interface Conversation {
  readonly messages: readonly ChatMessage[];
  readonly options: { readonly add_generation_prompt: boolean };
  readonly prompt: string;
  readonly ids: readonly number[];
}

interface GoldenString {
  readonly text: string;
  readonly ids: readonly number[] | "refused";
  readonly ids_as_plain_text: readonly number[];
  readonly decoded: string;
}

/** Tools, template variables and a reasoning apart from the content are nothing that this chat sends. */
function isPlain({ messages, options }: Conversation): boolean {
  const fields = messages.every((message) => Object.keys(message).length === 2);
  return fields && Object.keys(options).length === 1;
}

if (!isThere) console.warn(`Skipped: ${golden} is not there.`);

describe.skipIf(!isThere)("the published tokenizer", () => {
  let tokenizer: Tokenizer;

  beforeAll(async () => {
    const config = { maskTokenId: 151669, stopTokenIds: [151645, 151643] };
    tokenizer = await openTokenizer({ path: await publishedTokenizer(), config });
  });

  const conversations: Conversation[] = isThere ? read("conversations.json").filter(isPlain) : [];

  test.each(conversations)("renders and encodes a conversation: $prompt", (expected) => {
    const text = tokenizer.renderChat(expected.messages, {
      addGenerationPrompt: expected.options.add_generation_prompt,
    });
    expect(plainText(text)).toBe(expected.prompt);
    // The golden ids take what a user wrote for tokens; "escaping it is up to the caller", which is done here.
    const hostile = expected.messages.some(({ role, content }) => role === "user" && content.includes("<|"));
    const ids = tokenizer.encodeChat(hostile ? { guarded: expected.prompt } : text);
    expect(ids).toEqual(expected.ids);
  });

  test("takes no text of a user for a token", () => {
    const hostile = conversations.filter(({ prompt }) => prompt.includes("evil"));
    expect(hostile).toHaveLength(1);
    for (const { messages } of hostile) {
      const ids = tokenizer.encodeChat(tokenizer.renderChat(messages, { addGenerationPrompt: true }));
      expect(ids.filter((id) => id >= 151643)).toEqual([151644, 151645, 151644]);
    }
  });

  // The published tokenizer refuses lone surrogates; here they are replaced (test/model/tokenizer.test.ts).
  const strings: GoldenString[] = isThere
    ? read("strings.json").filter(({ ids }: GoldenString) => ids !== "refused")
    : [];

  test.each(strings)("encodes $text, with and without its special tokens", (expected) => {
    expect(tokenizer.encode(expected.text)).toEqual(expected.ids_as_plain_text);
    expect(tokenizer.encodeChat({ guarded: expected.text })).toEqual(expected.ids);
    expect(tokenizer.decode(expected.ids_as_plain_text)).toBe(expected.decoded);
  });

  test("decodes every prefix as published, and streamed never half a character", () => {
    for (const { ids, prefixes, without_special: whole } of read("decodes.json")) {
      let shown = "";
      let held: Uint8Array = new Uint8Array();
      for (const [index, id] of ids.entries()) {
        const next = tokenizer.append(held, [id]);
        shown += next.text;
        held = next.held;
        expect(withoutNames(prefixes[index]).startsWith(shown)).toBe(true);
        expect(withoutNames(prefixes[index])).toBe(tokenizer.decode(ids.slice(0, index + 1)));
      }
      expect(tokenizer.decode(ids)).toBe(whole);
      expect(held.length > 0 ? shown + "\uFFFD" : shown).toBe(whole);
    }
  });
});

/** The published prefixes name special tokens; a text of this program never does. */
const withoutNames = (prefix: string) => prefix.replace(/<\|\w+\|>/g, "");
