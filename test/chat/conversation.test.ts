import { readdir } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Conversation } from "../../src/chat/index.ts";
import { type EngineEvent, openEngine, openEngineProcess } from "../../src/engine/index.ts";
import { temporaryFolder } from "../model/folders.ts";
import { ask, chatWith, openTiny, shortAnswers, type TinyChat } from "./chats.ts";

let chat: TinyChat;

beforeAll(async () => {
  chat = await openTiny();
});

const reused = (events: readonly EngineEvent[]) =>
  events.find((event) => event.type === "prefilled")?.reusedTokens ?? 0;

const lastReply = (conversation: Conversation) => conversation.turns.at(-1)?.reply;

test("a turn is kept with what the engine gave", async () => {
  const conversation = chatWith(chat, { system: "Be brief." });
  const events = await ask(conversation, "Hello");
  const finished = events.at(-1);
  expect(finished).toMatchObject({
    type: "finished",
    ids: lastReply(conversation)?.ids,
    borders: lastReply(conversation)?.borders,
    reason: lastReply(conversation)?.end,
  });
  expect(conversation.messages).toEqual([
    { role: "system", content: "Be brief." },
    { role: "user", content: "Hello" },
    { role: "assistant", content: lastReply(conversation)?.content },
  ]);
});

describe.each(["dense-tiny", "carry-tiny"])("with the form of %s", (checkpoint) => {
  test("a second turn finds all whole blocks of the first in the cache", async () => {
    const tiny = await openTiny(checkpoint);
    const conversation = chatWith(tiny);
    expect(reused(await ask(conversation, "Hello"))).toBe(0);
    const { tokens } = conversation.contextUsed();
    const second = await ask(conversation, "And now?");
    expect(reused(second)).toBeGreaterThanOrEqual(tokens - 4);
    expect(reused(second)).toBeLessThanOrEqual(tokens);
  });

  test("a second turn gives what a fresh engine gives, also after the block length changed in the first", async () => {
    const tiny = await openTiny(checkpoint);
    const conversation = chatWith(tiny);
    for await (const event of conversation.send("Hello")) {
      if (event.type === "block_finished" && event.block === 1) conversation.adjust({ blockLength: 8 });
    }
    const borders = lastReply(conversation)?.borders ?? [];
    const second = await ask(conversation, "And now?");
    const fresh = await openEngine(tiny.folder.path, { device: "cpu", threads: 1 });
    const promptIds = conversation.turns.at(-1)?.promptIds ?? [];
    const request = { promptIds, borders, settings: conversation.settings };
    const again: EngineEvent[] = [];
    for await (const event of fresh.generate(request)) again.push(event);
    await fresh.close();
    const last = again.at(-1);
    expect(last?.type === "finished" && last.ids).toEqual(lastReply(conversation)?.ids);
    expect(last?.type === "finished" && last.borders).toEqual(lastReply(conversation)?.borders);
    expect(second.length).toBe(again.length);
  });
});

test("a stopped answer keeps what is decided up to the first mask, and the chat goes on", async () => {
  const conversation = chatWith(chat);
  const stop = new AbortController();
  const placed = new Map<number, number>();
  let prompt = 0;
  for await (const event of conversation.send("Hello", { signal: stop.signal })) {
    if (event.type === "prefilled") prompt = event.promptTokens;
    if (event.type !== "denoised") continue;
    for (const slot of event.slots) if (slot.unmasked) placed.set(slot.position, slot.token);
    if (event.block === 1) stop.abort();
  }
  const reply = lastReply(conversation);
  expect(reply?.end).toBe("aborted");
  expect(reply?.ids).toEqual(reply?.ids.map((_, index) => placed.get(prompt + index)));
  expect(placed.has(prompt + (reply?.ids.length ?? 0))).toBe(false);
  await ask(conversation, "More");
  expect(conversation.turns).toHaveLength(2);
  expect(lastReply(conversation)?.end).toBe("length");
});

test("leaving the loop early stops the answer and keeps what came", async () => {
  const conversation = chatWith(chat);
  for await (const event of conversation.send("Hello")) if (event.type === "block_finished") break;
  expect(lastReply(conversation)).toMatchObject({ end: "aborted", borders: [] });
  expect(lastReply(conversation)?.ids.length).toBeGreaterThan(0);
  expect((await ask(conversation, "More")).at(-1)?.type).toBe("finished");
});

test("an engine that dies leaves a marked answer, and the next message is answered", async () => {
  const engine = await openEngineProcess(chat.folder.path, { device: "cpu", threads: 1 });
  const conversation = chatWith(chat, { engine, settings: { ...shortAnswers, maxTokens: 4000 } });
  const talk = async () => {
    for await (const event of conversation.send("Hello")) {
      if (event.type === "block_finished" && event.block === 2 && engine.pid !== undefined)
        process.kill(engine.pid, "SIGKILL");
    }
  };
  await expect(talk()).rejects.toMatchObject({ kind: "engine" });
  const reply = lastReply(conversation);
  expect(reply?.end).toBe("failed");
  expect(reply?.problem).toMatch(/engine/i);
  expect(reply?.ids.length).toBeGreaterThan(8);
  conversation.adjust({ maxTokens: 8 });
  await ask(conversation, "Again");
  expect(lastReply(conversation)?.end).toBe("length");
  expect(conversation.messages).toHaveLength(4);
  await engine.close();
});

test("a message that does not fit changes nothing", async () => {
  const folder = { ...chat.folder, config: { ...chat.folder.config, contextLength: 80 } };
  const directory = await temporaryFolder();
  const save = { directory, program: { version: "1" }, onTrouble: () => {} };
  const conversation = chatWith(chat, { folder, save });
  await ask(conversation, "Hello");
  const { turns } = conversation;
  await expect(ask(conversation, "long ".repeat(40))).rejects.toMatchObject({ kind: "context-full" });
  expect(conversation.turns).toBe(turns);
  expect(conversation.contextUsed()).toMatchObject({ limit: 80 });
  expect((await ask(conversation, "so")).at(-1)?.type).toBe("finished");
});

test("an empty message and a second one at the same time are refused", async () => {
  const conversation = chatWith(chat);
  await expect(ask(conversation, " \n")).rejects.toThrow("The message is empty");
  for await (const _ of conversation.send("Hello")) {
    await expect(ask(conversation, "Me too")).rejects.toThrow("An answer is being decoded");
    expect(() => conversation.newChat()).toThrow("An answer is being decoded");
  }
  expect(conversation.turns).toHaveLength(1);
});

test("settings hold for the running answer and those after it, and wrong ones change nothing", async () => {
  const conversation = chatWith(chat);
  expect(() => conversation.adjust({ blockLength: 0 })).toThrow(/block/);
  expect(conversation.settings).toEqual(shortAnswers);
  conversation.adjust({ blockLength: 8, maxTokens: 8 });
  const opened = (await ask(conversation, "Hello")).find((event) => event.type === "block_opened");
  expect(opened?.settings).toEqual({ ...shortAnswers, blockLength: 8, maxTokens: 8 });
  expect(lastReply(conversation)?.ids).toHaveLength(8);
});

test("the share of the context grows with the answer", async () => {
  const conversation = chatWith(chat);
  expect(conversation.contextUsed()).toEqual({
    tokens: 0,
    limit: chat.folder.config.contextLength,
    share: 0,
  });
  const seen: number[] = [];
  for await (const event of conversation.send("Hello")) {
    if (event.type === "denoised") seen.push(conversation.contextUsed().tokens);
  }
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  const [turn] = conversation.turns;
  const tokens = (turn?.promptIds.length ?? 0) + 24;
  expect(conversation.contextUsed()).toMatchObject({
    tokens,
    share: tokens / chat.folder.config.contextLength,
  });
});

test("a new chat starts with an empty page, another system message and another file", async () => {
  const directory = path.join(await temporaryFolder(), "conversations");
  const save = { directory, program: { version: "1" }, onTrouble: () => {} };
  const conversation = chatWith(chat, { save, system: "one" });
  await ask(conversation, "Hello");
  conversation.newChat({ system: "two" });
  expect(conversation.turns).toEqual([]);
  expect(conversation.transcriptPath).toBeUndefined();
  expect(conversation.messages).toEqual([{ role: "system", content: "two" }]);
  expect(await readdir(directory)).toHaveLength(1);
  await ask(conversation, "Hello");
  expect(await readdir(directory)).toHaveLength(2);
});
