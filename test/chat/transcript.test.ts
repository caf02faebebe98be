import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type Conversation, type ConversationOptions, openTranscript } from "../../src/chat/index.ts";
import { readTranscript } from "../../src/chat/transcript.ts";
import { type EngineEvent, openEngine } from "../../src/engine/index.ts";
import { temporaryFolder } from "../model/folders.ts";
import { ask, chatWith, openTiny, shortAnswers, statesOf, type TinyChat } from "./chats.ts";

let chat: TinyChat;
/** A saved conversation of two turns, with what the engine said in each. */
let saved: { conversation: Conversation; events: EngineEvent[][]; bytes: Buffer };

beforeAll(async () => {
  chat = await openTiny();
  const conversation = chatWith(chat, { ...(await saving()), system: "Be brief." });
  const first: EngineEvent[] = [];
  for await (const event of conversation.send("Hello ☂")) {
    first.push(event);
    if (event.type === "denoised" && event.block === 1)
      conversation.adjust({ threshold: 0.2, blockLength: 8 });
  }
  conversation.adjust({ strategy: "entropy_bounded", temperature: 0.7, seed: 3 });
  const events = [first, await ask(conversation, "And now?")];
  saved = { conversation, events, bytes: await readFile(pathOf(conversation)) };
});

const program = { version: "1.2.3", build: "abc" };

async function saving(
  onTrouble: (message: string) => void = () => {},
): Promise<Pick<ConversationOptions, "save">> {
  const directory = path.join(await temporaryFolder(), "data", "conversations");
  return { save: { directory, program, onTrouble } };
}

const pathOf = (conversation: Conversation) => conversation.transcriptPath ?? "";

const withoutContent = (conversation: Conversation) =>
  conversation.turns.map(({ user, promptIds, reply }) => ({
    user,
    promptIds,
    reply: { ...reply, content: "" },
  }));

const withoutEvents = (transcript: Awaited<ReturnType<typeof openTranscript>>) =>
  transcript.turns.map(({ user, promptIds, reply }) => ({
    user,
    promptIds,
    reply: { ...reply, content: "" },
  }));

const round = (value: number, scale: number) => Math.round(value * scale) / scale;

/** Numbers as a transcript keeps them: what is left of a difference is rounding. */
function rounded(event: EngineEvent): EngineEvent {
  if (event.type === "prefilled" || event.type === "finished")
    return { ...event, milliseconds: round(event.milliseconds, 10) };
  if (event.type !== "denoised") return event;
  const slots = event.slots.map(({ entropy, ...slot }) => ({
    position: slot.position,
    token: slot.token,
    unmasked: slot.unmasked,
    confidence: round(slot.confidence, 1e5),
    ...(entropy !== undefined && { entropy: round(entropy, 1e4) }),
    runnersUp: slot.unmasked
      ? slot.runnersUp.map(({ token, probability }) => ({ token, probability: round(probability, 1e5) }))
      : [],
  }));
  return { ...event, slots, milliseconds: round(event.milliseconds, 10), elapsed: round(event.elapsed, 10) };
}

test("the header says what the conversation was held with", () => {
  expect(readTranscript(saved.bytes, "x").header).toMatchObject({
    schema: 1,
    program,
    model: { name: chat.folder.config.name, weights: chat.folder.weightsHash },
    device: "cpu",
    threads: 1,
    system: "Be brief.",
  });
});

test("what is read back is what was said: messages, ids, borders, settings", async () => {
  const transcript = await openTranscript(pathOf(saved.conversation));
  expect(withoutEvents(transcript)).toEqual(withoutContent(saved.conversation));
  expect(transcript.wholeBytes).toBe(saved.bytes.length);
});

test("every step is read back, up to the rounding of its numbers", () => {
  const { turns } = readTranscript(saved.bytes, "x");
  expect(turns.map((turn) => turn.events)).toEqual(saved.events.map((events) => events.map(rounded)));
});

test("an answer can be seen again as it was decoded", () => {
  const { turns } = readTranscript(saved.bytes, "x");
  for (const [index, { events }] of turns.entries()) {
    const before = statesOf(saved.events[index] ?? [], shortAnswers, chat.tokenizer);
    const again = statesOf(events, shortAnswers, chat.tokenizer);
    const shown = (states: typeof again) =>
      states.map(({ text, block, phase, settings }) => ({
        text,
        phase,
        settings,
        slots: block?.slots.map((slot) => [
          slot.position,
          slot.state,
          slot.text,
          slot.guess,
          slot.step,
          slot.kept,
        ]),
      }));
    expect(shown(again)).toEqual(shown(before));
  }
});

test("a file cut at any byte opens, and gives a beginning of what was said", () => {
  const whole = withoutContent(saved.conversation);
  fc.assert(
    fc.property(fc.nat(saved.bytes.length), (length) => {
      const { turns, wholeBytes } = readTranscript(saved.bytes.subarray(0, length), "x");
      expect(wholeBytes).toBeLessThanOrEqual(length);
      for (const [index, turn] of turns.entries()) {
        expect(turn.user).toBe(whole[index]?.user);
        expect(turn.promptIds).toEqual(whole[index]?.promptIds);
        const { ids, end } = turn.reply;
        expect(ids).toEqual(whole[index]?.reply.ids.slice(0, ids.length));
        expect(index + 1 < turns.length ? ["length"] : ["length", "cut"]).toContain(end);
      }
    }),
    { numRuns: 400 },
  );
});

/** The kind of error, or "opened". */
function attempt(action: () => unknown): string {
  try {
    action();
    return "opened";
  } catch (error) {
    return error instanceof Error ? error.name : "unknown";
  }
}

test("any byte changed anywhere: the file opens or is refused with a sentence", () => {
  fc.assert(
    fc.property(fc.nat(saved.bytes.length - 1), fc.integer({ min: 0, max: 255 }), (place, byte) => {
      const bytes = Buffer.from(saved.bytes);
      bytes[place] = byte;
      expect(["UserError", "opened"]).toContain(attempt(() => readTranscript(bytes, "x")));
    }),
    { numRuns: 400 },
  );
});

test.each([
  ["", 0],
  ['{"type":"sdar', 0],
])("a file that broke off in its first line has no turns: %j", (text, turns) => {
  expect(readTranscript(Buffer.from(text), "x").turns).toHaveLength(turns);
});

test.each(["hello", "\x00\x01", "{}\n", "[1]\nmore\n"])("%j is no conversation", (text) => {
  expect(() => readTranscript(Buffer.from(text), "some.jsonl")).toThrow(
    "some.jsonl is no conversation that sdar-chat saved.",
  );
});

test("a newer schema asks for an update", () => {
  expect(() => readTranscript(Buffer.from('{"type":"sdar-chat","schema":2,"new":true}\n'), "x")).toThrow(
    /saved by a newer sdar-chat \(schema 2; this one reads 1\): update/,
  );
});

test("a file that is not there is a sentence", async () => {
  await expect(openTranscript("/nowhere/x.jsonl")).rejects.toMatchObject({ kind: "file" });
});

test("files are for their owner only, and nothing is made before the first message", async () => {
  const { save } = await saving();
  const directory = save?.directory ?? "";
  const conversation = chatWith(chat, save && { save });
  await expect(readdir(directory)).rejects.toThrow("ENOENT");
  await ask(conversation, "Hello");
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect((await stat(pathOf(conversation))).mode & 0o777).toBe(0o600);
});

test("a program that ends in mid-answer loses no more than the running block, with saveNow not even that", async () => {
  const conversation = chatWith(chat, await saving());
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
  expect(withoutEvents(whole)).toEqual(withoutContent(conversation));
});

test("a conversation is gone on with: the same ids, the same cache, the same file", async () => {
  const straight = chatWith(chat, await saving());
  await ask(straight, "Hello");
  const { save } = await saving();
  const directory = save?.directory ?? "";
  await mkdir(directory, { recursive: true });
  const copy = path.join(directory, "yesterday.jsonl");
  await cp(pathOf(straight), copy);
  await ask(straight, "And now?");

  const engine = await openEngine(chat.folder.path, { device: "cpu", threads: 1 });
  const resume = await openTranscript(copy);
  const resumed = chatWith({ ...chat, engine }, { ...(save && { save }), resume });
  expect(resumed.turns).toEqual(straight.turns.slice(0, 1));
  await ask(resumed, "And now?");
  await engine.close();
  expect(resumed.turns).toEqual(straight.turns);
  expect(resumed.transcriptPath).toBe(copy);
  expect(await readdir(directory)).toEqual(["yesterday.jsonl"]);
  expect(withoutEvents(await openTranscript(copy))).toEqual(withoutContent(straight));
});

test("going on with a file that broke off replaces its torn line", async () => {
  const { save } = await saving();
  const directory = save?.directory ?? "";
  await mkdir(directory, { recursive: true });
  const file = path.join(directory, "torn.jsonl");
  await writeFile(file, saved.bytes.subarray(0, saved.bytes.length - 400));
  const resumed = chatWith(chat, { ...(save && { save }), resume: await openTranscript(file) });
  expect(resumed.turns.at(-1)?.reply.end).toBe("cut");
  expect(resumed.system).toBe("Be brief.");
  await ask(resumed, "More");
  const transcript = await openTranscript(file);
  expect(transcript.turns.map((turn) => turn.reply.end)).toEqual(["length", "cut", "length"]);
  expect(transcript.turns.at(-1)?.promptIds).toEqual(resumed.turns.at(-1)?.promptIds);
});

test("a conversation with another model is not gone on with", async () => {
  const transcript = readTranscript(saved.bytes, "x");
  const folder = { ...chat.folder, weightsHash: "other" };
  expect(() => chatWith(chat, { folder, resume: transcript })).toThrow(/was held with dense-tiny/);
});

test("a chat that cannot be saved goes on, says why once, and loses nothing when it can be again", async () => {
  const troubles: string[] = [];
  const { save } = await saving((message) => troubles.push(message));
  const parent = path.dirname(save?.directory ?? "");
  await writeFile(parent, "in the way");
  const conversation = chatWith(chat, save && { save });
  await ask(conversation, "Hello");
  expect(troubles).toEqual([
    expect.stringMatching(/^Not saved: .*The chat goes on, and saving is tried again\.$/),
  ]);
  await rm(parent);
  await ask(conversation, "And now?");
  expect(troubles).toHaveLength(1);
  expect(withoutEvents(await openTranscript(pathOf(conversation)))).toEqual(withoutContent(conversation));
});

test("a full disk is called a full disk", async () => {
  const troubles: string[] = [];
  const { save } = await saving((message) => troubles.push(message));
  const resume = { ...readTranscript(saved.bytes, "/dev/full"), wholeBytes: 0 };
  const conversation = chatWith(chat, { ...(save && { save }), resume });
  await ask(conversation, "Hello");
  await ask(conversation, "Hello");
  expect(troubles).toEqual([
    "Not saved: the disk is full (/dev/full). The chat goes on, and saving is tried again.",
  ]);
  expect(conversation.turns).toHaveLength(4);
});
