import { readdir } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { openTranscript } from "../../src/chat/index.ts";
import { ask, chatWith, openTiny, type TinyChat } from "./chats.ts";
import { pathOf, said, saving } from "./transcripts.ts";

let first: TinyChat;
let other: TinyChat;

beforeAll(async () => {
  first = await openTiny("dense-tiny");
  other = await openTiny("carry-tiny");
});

test("another model goes on with what was said, as text, and saves it in a file of its own", async () => {
  const save = await saving();
  const conversation = chatWith(first, { save, system: "Be brief." });
  for (const text of ["Hello ☂", "And now?"]) await ask(conversation, text);
  const { messages } = conversation;
  const before = await openTranscript(pathOf(conversation));
  conversation.useModel(other);
  expect(conversation.messages).toEqual(messages);
  expect(conversation.tokenizer).toBe(other.tokenizer);
  await ask(conversation, "Go on");
  const { promptIds } = conversation.turns.at(-1) ?? { promptIds: [] };
  const question = { role: "user" as const, content: "Go on" };
  const rendered = other.tokenizer.renderChat([...messages, question], { addGenerationPrompt: true });
  expect(other.tokenizer.decode(promptIds)).toBe(
    other.tokenizer.decode(other.tokenizer.encodeChat(rendered)),
  );
  const after = await openTranscript(pathOf(conversation));
  expect(await readdir(save.directory)).toHaveLength(2);
  expect(after.header?.model.weights).toBe(other.folder.weightsHash);
  expect(said(after)).toEqual(said(conversation));
  expect(said(await openTranscript(before.path))).toEqual(said(before));
});

test("what was said with another model can be taken back, asked again and gone on with", async () => {
  const save = await saving();
  const conversation = chatWith(first, { save });
  for (const text of ["Hello", "And now?"]) await ask(conversation, text);
  conversation.useModel(other);
  expect(conversation.undo()).toBe("And now?");
  for await (const _ of conversation.again()) await Promise.resolve();
  const resumed = chatWith(other, { resume: await openTranscript(pathOf(conversation)) });
  expect(said(resumed)).toEqual(said(conversation));
  expect(said(resumed)).toHaveLength(1);
});

test("a model is not changed in mid-answer", async () => {
  const conversation = chatWith(first);
  for await (const _ of conversation.send("Hello"))
    expect(() => conversation.useModel(other)).toThrow("An answer is being decoded");
  expect(conversation.model.engine).toBe(first.engine);
});
