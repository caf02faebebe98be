import { mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { openTranscript } from "../../src/chat/index.ts";
import { ask, chatWith, openTiny, type TinyChat } from "./chats.ts";
import { pathOf, said, type Saved, savedConversation, saving } from "./transcripts.ts";

let chat: TinyChat;
let saved: Saved;

beforeAll(async () => {
  chat = await openTiny();
  saved = await savedConversation(chat);
});

test("a file that is deleted while the chat goes on is written anew, whole, and that is said once", async () => {
  const troubles: string[] = [];
  const save = await saving((message) => troubles.push(message));
  const conversation = chatWith(chat, { save });
  await ask(conversation, "Hello");
  const file = pathOf(conversation);
  await rm(save.directory, { recursive: true });
  await ask(conversation, "And now?");
  await ask(conversation, "Still there?");
  expect(troubles).toEqual([
    `The file of this conversation was deleted or moved: it is written anew, whole, as ${file}.`,
  ]);
  expect(pathOf(conversation)).toBe(file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(said(await openTranscript(file))).toEqual(said(conversation));
});

test("a file that another one has taken the place of is left alone: the chat goes on in a copy", async () => {
  const troubles: string[] = [];
  const save = await saving((message) => troubles.push(message));
  const conversation = chatWith(chat, { save });
  await ask(conversation, "Hello");
  const file = pathOf(conversation);
  await writeFile(`${file}.new`, "mine");
  await rename(`${file}.new`, file);
  await ask(conversation, "And now?");
  expect(await readFile(file, "utf8")).toBe("mine");
  expect(troubles).toEqual([
    `Another file is where this conversation was saved: here it is saved as ${pathOf(conversation)}.`,
  ]);
  expect(said(await openTranscript(pathOf(conversation)))).toEqual(said(conversation));
});

test("an earlier conversation whose file is gone before the first message is saved as what was said", async () => {
  const troubles: string[] = [];
  const save = await saving((message) => troubles.push(message));
  await mkdir(save.directory, { recursive: true });
  const file = path.join(save.directory, "gone.jsonl");
  await writeFile(file, saved.bytes);
  const resumed = chatWith(chat, { save, resume: await openTranscript(file) });
  await rm(file);
  await ask(resumed, "More");
  const { turns } = await openTranscript(pathOf(resumed));
  expect(turns.map(({ user }) => user)).toEqual(resumed.turns.map(({ user }) => user));
  expect(await readdir(save.directory)).toEqual([path.basename(pathOf(resumed))]);
  expect(troubles).toEqual([
    expect.stringMatching(/^The file of this conversation was deleted: what was said is saved as /),
  ]);
});

test("a file that was cut makes one copy, not one for every line", async () => {
  const save = await saving();
  const conversation = chatWith(chat, { save });
  await ask(conversation, "Hello");
  await truncate(pathOf(conversation), 10);
  await ask(conversation, "And now?");
  expect(await readdir(save.directory)).toHaveLength(2);
});
