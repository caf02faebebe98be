import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { type Conversation, openTranscript } from "../../src/chat/index.ts";
import type { EngineEvent } from "../../src/engine/index.ts";
import { ask, chatWith, openTiny, shortAnswers, type TinyChat } from "./chats.ts";
import { pathOf, said, saving } from "./transcripts.ts";

const reused = (events: readonly EngineEvent[]) =>
  events.find((event) => event.type === "prefilled")?.reusedTokens ?? 0;

async function heard(events: AsyncIterable<EngineEvent>): Promise<EngineEvent[]> {
  const all: EngineEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const texts = ({ turns }: Conversation) => turns.map(({ user, reply }) => [user, reply.content]);

describe.each(["dense-tiny", "carry-tiny"])("with the form of %s", (checkpoint) => {
  let chat: TinyChat;

  beforeAll(async () => {
    chat = await openTiny(checkpoint);
  });

  test("again gives the same answer, by the same passes over its prompt", async () => {
    const conversation = chatWith(chat, { settings: { ...shortAnswers, temperature: 0.8, seed: 5 } });
    await ask(conversation, "Hello");
    const asked = await ask(conversation, "And now?");
    const kept = said(conversation);
    const again = await heard(conversation.again());
    expect(said(conversation)).toEqual(kept);
    expect(kept).toHaveLength(2);
    expect(reused(again)).toBe(reused(asked));
  });

  test("again with another setting finds the prompt in the cache but for its last block", async () => {
    const conversation = chatWith(chat);
    await ask(conversation, "Hello");
    const prompt = conversation.turns[0]?.promptIds.length ?? 0;
    const again = await heard(conversation.again({ change: { temperature: 0.7, seed: 9 } }));
    expect(reused(again)).toBeGreaterThanOrEqual(prompt - 4);
  });

  test("another seed gives another answer, once: again repeats it, and the next message has the old seed", async () => {
    const conversation = chatWith(chat, { settings: { ...shortAnswers, temperature: 0.8, seed: 5 } });
    await ask(conversation, "Hello");
    const [first] = conversation.turns;
    await heard(conversation.again({ change: { seed: 6 } }));
    const [second] = conversation.turns;
    expect(second?.reply.ids).not.toEqual(first?.reply.ids);
    await heard(conversation.again());
    expect(conversation.turns[0]?.reply.ids).toEqual(second?.reply.ids);
    await heard(conversation.again({ change: { seed: 5 } }));
    expect(conversation.turns[0]?.reply.ids).toEqual(first?.reply.ids);
    expect(conversation.settings.seed).toBe(5);
  });

  test("a knob that was turned since counts when it is asked again", async () => {
    const conversation = chatWith(chat);
    await ask(conversation, "Hello");
    await heard(conversation.again({ change: { temperature: 0.7, seed: 9 } }));
    conversation.adjust({ maxTokens: 8 });
    await heard(conversation.again());
    const { reply } = conversation.turns[0] ?? {};
    expect(reply?.settings).toMatchObject({ maxTokens: 8, temperature: 0.7, seed: 9 });
    expect(reply?.ids).toHaveLength(8);
  });

  test("an earlier message is edited: what follows is what a chat says that never said otherwise", async () => {
    const conversation = chatWith(chat);
    for (const text of ["Hello", "And now?", "More"]) await ask(conversation, text);
    const kept = conversation.turns[0];
    const edited = await heard(conversation.send("And then?", { after: 1 }));
    await ask(conversation, "Why?");
    const straight = chatWith(chat);
    for (const text of ["Hello", "And then?", "Why?"]) await ask(straight, text);
    expect(texts(conversation)).toEqual(texts(straight));
    expect(said(conversation)).toEqual(said(straight));
    const before = (kept?.promptIds.length ?? 0) + (kept?.reply.ids.length ?? 0);
    expect(reused(edited)).toBeGreaterThanOrEqual(before - 4);
  });

  test("undo gives the message back, and the next one goes on from there with the cache", async () => {
    const conversation = chatWith(chat);
    for (const text of ["Hello", "And now?"]) await ask(conversation, text);
    const [first] = conversation.turns;
    expect(conversation.undo()).toBe("And now?");
    expect(conversation.turns).toEqual([first]);
    const before = (first?.promptIds.length ?? 0) + (first?.reply.ids.length ?? 0);
    expect(conversation.contextUsed().tokens).toBe(before);
    expect(reused(await ask(conversation, "What?"))).toBeGreaterThanOrEqual(before - 4);
  });

  test("a conversation that is gone on with finds what the engine still holds of it, and says the same", async () => {
    const conversation = chatWith(chat, { save: await saving() });
    for (const text of ["Hello", "And now?"]) await ask(conversation, text);
    const resume = await openTranscript(pathOf(conversation));
    const { tokens } = conversation.contextUsed();
    const resumed = chatWith(chat, { resume });
    expect(reused(await ask(resumed, "More"))).toBeGreaterThanOrEqual(tokens - 4);
    await ask(chatWith(chat), "Something else");
    const fresh = chatWith(chat, { resume });
    expect(reused(await ask(fresh, "More"))).toBeLessThan(20);
    expect(said(fresh)).toEqual(said(resumed));
    const { tokens: all } = fresh.contextUsed();
    expect(reused(await ask(fresh, "And more"))).toBeGreaterThanOrEqual(all - 4);
  });

  test("what was taken back stays in the file, and is not read back", async () => {
    const save = await saving();
    const conversation = chatWith(chat, { save });
    for (const text of ["Hello", "And now?", "More"]) await ask(conversation, text);
    const long = await readFile(pathOf(conversation));
    await heard(conversation.send("And then?", { after: 1 }));
    await heard(conversation.again({ change: { temperature: 0.9, seed: 4 } }));
    conversation.undo();
    await ask(conversation, "Why?");
    await heard(conversation.again({ change: { temperature: 0.9, seed: 4 } }));
    const file = await readFile(pathOf(conversation));
    expect(file.subarray(0, long.length)).toEqual(long);
    const read = await openTranscript(pathOf(conversation));
    expect(read).toMatchObject({ isDamaged: false, wholeBytes: file.length });
    expect(said(read)).toEqual(said(conversation));
    const resumed = chatWith(chat, { save, resume: read });
    expect(said(resumed)).toEqual(said(conversation));
    await heard(resumed.again());
    expect(said(resumed)).toEqual(said(conversation));
  });
});

describe("what cannot be taken back", () => {
  let chat: TinyChat;

  beforeAll(async () => {
    chat = await openTiny();
  });

  test("nothing was asked yet", () => {
    const conversation = chatWith(chat);
    expect(() => conversation.undo()).toThrow("Nothing was asked yet: type a message first.");
    expect(() => conversation.again()).toThrow("Nothing was asked yet: type a message first.");
  });

  test("an answer is being decoded", async () => {
    const conversation = chatWith(chat);
    await ask(conversation, "Hello");
    for await (const _ of conversation.send("And now?")) {
      expect(() => conversation.undo()).toThrow("An answer is being decoded");
      await expect(heard(conversation.again())).rejects.toThrow("An answer is being decoded");
    }
    expect(conversation.turns).toHaveLength(2);
  });

  test("a message that does not fit, or settings that no knob has: nothing has changed", async () => {
    const folder = { ...chat.folder, config: { ...chat.folder.config, contextLength: 80 } };
    const conversation = chatWith(chat, { folder });
    await ask(conversation, "Hello");
    const { turns } = conversation;
    const long = conversation.send("long ".repeat(40), { after: 0 });
    await expect(heard(long)).rejects.toMatchObject({ kind: "context-full" });
    await expect(heard(conversation.again({ change: { temperature: -1 } }))).rejects.toThrow(/temperature/);
    expect(conversation.turns).toBe(turns);
  });

  test("a rewind to turns that the file does not have is damage", async () => {
    const save = await saving();
    const conversation = chatWith(chat, { save });
    await ask(conversation, "Hello");
    conversation.undo();
    const bytes = (await readFile(pathOf(conversation))).toString().replace('"turns":0', '"turns":2');
    const { readTranscript } = await import("../../src/chat/transcript.ts");
    const read = readTranscript(Buffer.from(bytes), "x");
    expect(read).toMatchObject({ isDamaged: true, turns: [{ user: "Hello" }] });
  });
});

test("a new chat can drop the system prompt", async () => {
  const conversation = chatWith(await openTiny(), { system: "one" });
  conversation.newChat();
  expect(conversation.system).toBe("one");
  conversation.newChat({ system: undefined });
  expect(conversation.messages).toEqual([]);
});
