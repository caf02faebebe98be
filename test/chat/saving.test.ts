import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { damageNote, openTranscript } from "../../src/chat/index.ts";
import { readTranscript } from "../../src/chat/transcript.ts";
import { openEngine } from "../../src/engine/index.ts";
import { ask, chatWith, openTiny, type TinyChat } from "./chats.ts";
import { pathOf, said, type Saved, savedConversation, saving } from "./transcripts.ts";

let chat: TinyChat;
let saved: Saved;

beforeAll(async () => {
  chat = await openTiny();
  saved = await savedConversation(chat);
});

test("files are for their owner only, and nothing is made before the first message", async () => {
  const save = await saving();
  const directory = save.directory;
  const conversation = chatWith(chat, { save });
  await expect(readdir(directory)).rejects.toThrow("ENOENT");
  await ask(conversation, "Hello");
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect((await stat(pathOf(conversation))).mode & 0o777).toBe(0o600);
});

test("a program that ends in mid-answer loses no more than the running block, with saveNow not even that", async () => {
  const conversation = chatWith(chat, { save: await saving() });
  const waiting = () => readFile(pathOf(conversation)).then((bytes) => readTranscript(bytes, "x").turns[0]);
  for await (const event of conversation.send("Hello")) {
    if (event.type !== "denoised" || event.block !== 3 || event.step > 0) continue;
    const before = await waiting();
    conversation.saveNow();
    const after = await waiting();
    expect(before?.events.filter(({ type }) => type === "block_finished")).toHaveLength(3);
    expect(after?.reply.end).toBe("cut");
    expect(after?.events.at(-1)).toMatchObject({ type: "denoised", block: 3, step: 0 });
  }
  conversation.saveNow();
  const whole = await openTranscript(pathOf(conversation));
  expect(said(whole)).toEqual(said(conversation));
});

test("a conversation is gone on with: the same ids, the same cache, the same file", async () => {
  const straight = chatWith(chat, { save: await saving() });
  await ask(straight, "Hello");
  const save = await saving();
  const directory = save.directory;
  await mkdir(directory, { recursive: true });
  const copy = path.join(directory, "yesterday.jsonl");
  await cp(pathOf(straight), copy);
  await ask(straight, "And now?");

  const engine = await openEngine(chat.folder.path, { device: "cpu", threads: 1 });
  const resume = await openTranscript(copy);
  const resumed = chatWith({ ...chat, engine }, { save, resume });
  expect(said(resumed)).toEqual(said(straight).slice(0, 1));
  await ask(resumed, "And now?");
  await engine.close();
  expect(said(resumed)).toEqual(said(straight));
  expect(resumed.transcriptPath).toBe(copy);
  expect(await readdir(directory)).toEqual(["yesterday.jsonl"]);
  expect(said(await openTranscript(copy))).toEqual(said(straight));
});

test("going on with a file that broke off replaces its torn line", async () => {
  const save = await saving();
  const directory = save.directory;
  await mkdir(directory, { recursive: true });
  const file = path.join(directory, "torn.jsonl");
  await writeFile(file, saved.bytes.subarray(0, saved.bytes.length - 400));
  const resumed = chatWith(chat, { save, resume: await openTranscript(file) });
  expect(resumed.turns.at(-1)?.reply.end).toBe("cut");
  expect(resumed.system).toBe("Be brief.");
  await ask(resumed, "More");
  const transcript = await openTranscript(file);
  expect(transcript.turns.map((turn) => turn.reply.end)).toEqual(["length", "length", "cut", "length"]);
  expect(transcript.turns.at(-1)?.promptIds).toEqual(resumed.turns.at(-1)?.promptIds);
});

test("going on with a file that was damaged in the middle keeps every copy of it, and says where", async () => {
  const told: string[] = [];
  const save = await saving((message) => told.push(message));
  const directory = save.directory;
  await mkdir(directory, { recursive: true });
  const file = path.join(directory, "bad.jsonl");
  const bytes = Buffer.from(saved.bytes.toString().replace('{"type":"prefill"', '{"type":"prefall"'));
  await writeFile(file, bytes);
  const resume = await openTranscript(file);
  expect(resume).toMatchObject({ isDamaged: true, turns: [{ reply: { end: "cut", ids: [] } }] });
  await ask(chatWith(chat, { save, resume }), "More");
  expect(await readFile(`${file}.damaged`)).toEqual(bytes);
  expect((await openTranscript(file)).turns).toHaveLength(2);
  await writeFile(file, bytes);
  await ask(chatWith(chat, { save, resume }), "Once more");
  expect(await readFile(`${file}.damaged-2`)).toEqual(bytes);
  expect(told).toEqual(
    ["", "-2"].map((number) => `The damaged conversation is kept whole as ${file}.damaged${number}.`),
  );
});

test("of a damaged conversation it is said how much could be read", () => {
  const whole = readTranscript(saved.bytes, "/x/a.jsonl");
  expect(damageNote(whole, true)).toBeUndefined();
  const damaged = { ...whole, isDamaged: true };
  expect(damageNote(damaged, false)).toBe(
    "/x/a.jsonl is damaged after 3 messages: what follows cannot be read.",
  );
  expect(damageNote({ ...damaged, turns: whole.turns.slice(0, 1) }, true)).toBe(
    "/x/a.jsonl is damaged after one message: what follows cannot be read. All of it is kept in a copy as soon as you write on.",
  );
});

test("a conversation that is closed in mid-answer has lost nothing of the running block", async () => {
  const conversation = chatWith(chat, { save: await saving() });
  let file = "";
  for await (const event of conversation.send("Hello")) {
    if (event.type !== "denoised" || event.block !== 3 || event.step > 0) continue;
    file = pathOf(conversation);
    conversation.close();
  }
  const [turn] = (await openTranscript(file)).turns;
  expect(turn?.events.at(-1)).toMatchObject({ type: "denoised", block: 3, step: 0 });
});

test("programs that go on with one file write one each: none loses or mixes a line", async () => {
  const troubles: string[] = [];
  const save = await saving((message) => troubles.push(message));
  const first = chatWith(chat, { save });
  await ask(first, "Hello");
  const second = chatWith(chat, { save, resume: await openTranscript(pathOf(first)) });
  const third = chatWith(chat, { save, resume: await openTranscript(pathOf(first)) });
  const shared = pathOf(first);
  await ask(second, "I am the second");
  expect(troubles).toEqual([]);
  await ask(first, "I am the first");
  await ask(third, "I am the third");
  await ask(first, "still");
  await ask(second, "still");
  expect(pathOf(second)).toBe(shared);
  expect(pathOf(first)).toMatch(new RegExp(`^${shared.slice(0, -6)}-[0-9a-f]{4}\\.jsonl$`));
  expect(troubles[0]).toBe(
    `Another program goes on with this conversation too: here it is saved as ${pathOf(first)}.`,
  );
  expect(troubles).toHaveLength(2);
  for (const conversation of [first, second, third])
    expect(said(await openTranscript(pathOf(conversation)))).toEqual(said(conversation));
});

test("a conversation with another model is not gone on with", async () => {
  const transcript = readTranscript(saved.bytes, "x");
  const folder = { ...chat.folder, weightsHash: "other" };
  expect(() => chatWith(chat, { folder, resume: transcript })).toThrow(/was held with dense-tiny/);
});

test("a chat that cannot be saved goes on, says why once, and loses nothing when it can be again", async () => {
  const troubles: string[] = [];
  const save = await saving((message) => troubles.push(message));
  const parent = path.dirname(save.directory);
  await writeFile(parent, "in the way");
  const conversation = chatWith(chat, { save });
  await ask(conversation, "Hello");
  expect(troubles).toEqual([
    expect.stringMatching(/^Not saved: .*The chat goes on, and saving is tried again\.$/),
  ]);
  await rm(parent);
  await ask(conversation, "And now?");
  expect(troubles).toHaveLength(1);
  expect(said(await openTranscript(pathOf(conversation)))).toEqual(said(conversation));
});

test("what could not be written is tried for the last time when the conversation is closed", async () => {
  const save = await saving();
  const parent = path.dirname(save.directory);
  await writeFile(parent, "in the way");
  const conversation = chatWith(chat, { save });
  await ask(conversation, "Hello");
  const file = pathOf(conversation);
  await rm(parent);
  conversation.close();
  expect(said(await openTranscript(file))).toEqual(said(conversation));
});

test("of an answer without an end it is known whether its program still runs", async () => {
  const save = await saving();
  const conversation = chatWith(chat, { save });
  for await (const event of conversation.send("Hello")) if (event.type === "prefilled") break;
  const text = (await readFile(pathOf(conversation), "utf8")).replace(/\n\{"type":"end"[^]*/, "\n");
  const from = (pid: number | undefined) =>
    readTranscript(Buffer.from(text.replace(/"pid":\d+/, `"pid":${pid}`)), "x");
  const resumed = (pid: number | undefined) => chatWith(chat, { resume: from(pid) }).wasAnsweredElsewhere;
  const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
  expect(resumed(other.pid)).toBe(true);
  other.kill();
  await once(other, "exit");
  expect(resumed(other.pid)).toBe(false);
  expect(resumed(process.pid)).toBe(false);
});

test("a chat that is closed while another one goes on with its file makes no copy", async () => {
  const troubles: string[] = [];
  const save = await saving((message) => troubles.push(message));
  const first = chatWith(chat, { save });
  await ask(first, "Hello");
  const second = chatWith(chat, { save, resume: await openTranscript(pathOf(first)) });
  await ask(second, "I am the second");
  first.close();
  expect(troubles).toEqual([]);
  expect(await readdir(save.directory)).toHaveLength(1);
});

test("a full disk is called a full disk", async () => {
  const troubles: string[] = [];
  const save = await saving((message) => troubles.push(message));
  const resume = { ...readTranscript(saved.bytes, "/dev/full"), wholeBytes: 0 };
  const conversation = chatWith(chat, { save, resume });
  await ask(conversation, "Hello");
  await ask(conversation, "Hello");
  expect(troubles).toEqual([
    "Not saved: the disk is full (/dev/full). The chat goes on, and saving is tried again.",
  ]);
  expect(conversation.turns).toHaveLength(5);
});
