import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import {
  attach,
  checkRoom,
  messageOfTurn,
  openTranscript,
  plainMessage,
  readAttachment,
  withoutInserts,
} from "../../src/chat/index.ts";
import { UserError } from "../../src/errors.ts";
import { temporaryFolder } from "../model/folders.ts";
import { ask, chatWith, openTiny, type TinyChat } from "./chats.ts";
import { pathOf, saving } from "./transcripts.ts";

let chat: TinyChat;
let folder: string;

beforeAll(async () => {
  chat = await openTiny();
  folder = await temporaryFolder();
  await writeFile(path.join(folder, "a.ts"), "const a = `x`;\r\n");
  await writeFile(path.join(folder, "picture.png"), Buffer.from([0x89, 0x50, 0, 1]));
  await writeFile(path.join(folder, "latin.txt"), Buffer.from("caf\u00E9", "latin1"));
  await writeFile(path.join(folder, "long.txt"), "word ".repeat(2000));
  await writeFile(path.join(folder, "huge.txt"), "x".repeat(40_000));
  await mkdir(path.join(folder, "inner"));
});

const named = (name: string) => path.join(folder, name);

test("a file stands behind the message under its name, in a fence of its own", async () => {
  const file = { name: "a.ts", text: (await readAttachment(named("a.ts"), 1000)).text };
  const message = attach(plainMessage("What is @a.ts?"), [file]);
  expect(message.text).toBe("What is @a.ts?\n\na.ts:\n```ts\nconst a = `x`;\n```");
  expect(withoutInserts(message, () => "")).toBe("What is @a.ts?");
});

test("no file closes its own fence", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("`", "```", "\n", "x", "`````")), (parts) => {
      const { text } = attach(plainMessage("why?"), [{ name: "x", text: parts.join("") }]);
      const [, fence = ""] = /\nx:\n(`+)\n/.exec(text) ?? [];
      expect(fence.length).toBeGreaterThanOrEqual(3);
      expect(text.split(fence)).toHaveLength(3);
    }),
  );
});

test.for([
  ["nothing.txt", "file", /^There is no file .*nothing\.txt\.$/],
  ["a.ts/deeper", "file", /^There is no file/],
  ["inner", "file", /inner is a folder: name a file in it\.$/],
  ["picture.png", "file", /picture\.png is not text in UTF-8/],
  ["latin.txt", "file", /latin\.txt is not text in UTF-8/],
  ["huge.txt", "context-full", /huge\.txt is larger than the model's context of 1,000 tokens \(40 kB\)/],
] as const)("%s is refused in a sentence", async ([name, kind, sentence]) => {
  const refused = await readAttachment(named(name), 1000).catch((error: unknown) => error);
  if (!(refused instanceof UserError)) throw new Error("It was not refused.");
  expect(refused.kind).toBe(kind);
  expect(refused.message).toMatch(sentence);
});

test("a file that leaves no room for an answer is refused with its tokens and the limit", async () => {
  const file = { ...(await readAttachment(named("long.txt"), 1000)), name: "long.txt" };
  expect(() => checkRoom(file, chat.tokenizer, 1000)).toThrow(
    /^long\.txt takes about [\d,]+ tokens and the model's context holds 1,000: send a part of it\.$/,
  );
  expect(() => checkRoom({ name: "short", text: "hello" }, chat.tokenizer, 1000)).not.toThrow();
});

test("the transcript keeps what the model saw, and which of it was inserted", async () => {
  const conversation = chatWith(chat, { save: await saving() });
  const { text, inserts } = attach(plainMessage("Say @x.txt"), [{ name: "x.txt", text: "so" }]);
  for await (const _ of conversation.send(text, { inserts }));
  await ask(conversation, "plain");
  const file = pathOf(conversation);
  conversation.close();
  const { turns } = await openTranscript(file);
  expect(turns.map(messageOfTurn)).toEqual([{ text, inserts }, plainMessage("plain")]);
  const resumed = chatWith(chat, { resume: await openTranscript(file) });
  expect(resumed.turns.map(({ inserts: kept }) => kept)).toEqual([inserts, undefined]);
  expect(resumed.messages[0]).toEqual({ role: "user", content: text });
});
