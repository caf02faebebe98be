import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { toMarkdown } from "../../src/chat/markdown.ts";
import type { ReplyEnd, Turn } from "../../src/chat/index.ts";
import { temporaryFolder } from "../model/folders.ts";
import { ask, chatWith, openTiny, shortAnswers, type TinyChat } from "./chats.ts";

const turn = (user: string, content: string, end: ReplyEnd, problem?: string): Turn => ({
  user,
  promptIds: [1],
  reply: {
    content,
    ids: [2],
    borders: [],
    end,
    settings: shortAnswers,
    ...(problem !== undefined && { problem }),
  },
  events: [],
});

test("a conversation reads as headings and what was said, with why an answer is short", () => {
  const turns = [
    turn("Hi", " Hello **you**!\n", "stop"),
    turn("Count", "1 2 3", "aborted"),
    turn("Why?", "", "failed", "The engine ended."),
  ];
  expect(toMarkdown(turns, { model: "Tiny", system: "Be kind." })).toBe(`# A conversation with Tiny

*System:* Be kind.

## You

Hi

## Tiny

Hello **you**!

## You

Count

## Tiny

1 2 3

*(stopped)*

## You

Why?

## Tiny

*(The engine ended.)*
`);
});

let chat: TinyChat;

beforeAll(async () => {
  chat = await openTiny();
});

test("a chat is saved whole, again under its own name, and never over another file", async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, "chat.md");
  const conversation = chatWith(chat);
  await expect(conversation.saveMarkdown(file)).rejects.toThrow(
    "There is nothing to save yet: ask something first.",
  );
  await ask(conversation, "Hello");
  expect(await conversation.saveMarkdown(file)).toBe(file);
  await ask(conversation, "More");
  await conversation.saveMarkdown(file);
  expect(await readFile(file, "utf8")).toContain("## You\n\nMore");
  const other = path.join(folder, "other.md");
  await writeFile(other, "mine");
  await expect(conversation.saveMarkdown(other)).rejects.toMatchObject({
    kind: "file",
    message: `${other} is already there, and was not saved by this chat: choose another name.`,
  });
  expect(await readFile(other, "utf8")).toBe("mine");
  expect((await readdir(folder)).toSorted()).toEqual(["chat.md", "other.md"]);
});

test("a place that cannot be written is named, and nothing is left there", async () => {
  const folder = await temporaryFolder();
  const conversation = chatWith(chat);
  await ask(conversation, "Hello");
  await mkdir(path.join(folder, "sub"));
  await chmod(path.join(folder, "sub"), 0o500);
  await expect(conversation.saveMarkdown(folder)).rejects.toThrow(/is already there/);
  const nowhere = path.join(folder, "no", "chat.md");
  await expect(conversation.saveMarkdown(nowhere)).rejects.toThrow(
    `The conversation could not be saved as ${nowhere}: ENOENT: no such file or directory. Choose another folder.`,
  );
  await expect(conversation.saveMarkdown("/dev/null/chat.md")).rejects.toMatchObject({ kind: "file" });
});
