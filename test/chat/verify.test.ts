import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { verifyTurn, type RecordedTurn, type Verdict } from "../../src/chat/index.ts";
import { readTranscript } from "../../src/chat/transcript.ts";
import { openEngine, strategies, type DecodingSettings } from "../../src/engine/index.ts";
import { chatWith, openTiny, shortAnswers } from "./chats.ts";
import { savedConversation } from "./transcripts.ts";

const tiny = await openTiny();
const carrying = await openTiny("carry-tiny");
const saved = await savedConversation(tiny);

/** Another engine, whose cache is empty: the answers must not depend on what was decoded before. */
async function freshEngine(chat: typeof tiny) {
  const engine = await openEngine(chat.folder.path, { device: "cpu", threads: 1 });
  afterAll(() => engine.close());
  return engine;
}

const engine = await freshEngine(tiny);
const carryingEngine = await freshEngine(carrying);

const turnsOf = (bytes: Buffer) => readTranscript(bytes, "chat.jsonl").turns;
const stepsOf = ({ events }: RecordedTurn) => events.filter((event) => event.type === "denoised").length;

/** How many steps are the same, if all are. */
const same = ({ difference, steps }: Verdict) => (difference === undefined ? steps : difference);

test("a saved conversation decodes again step by step, changes in mid-answer included", async () => {
  const turns = turnsOf(saved.bytes);
  expect(turns).toHaveLength(3);
  for (const turn of turns.toReversed()) expect(same(await verifyTurn(turn, engine))).toBe(stepsOf(turn));
});

test("an answer that broke off anywhere is the same as far as it goes", async () => {
  const lines = saved.bytes.toString().split("\n");
  for (let count = 2; count < lines.length; count++) {
    const [last] = turnsOf(Buffer.from(`${lines.slice(0, count).join("\n")}\n`)).slice(-1);
    if (last === undefined) throw new Error("no turn was read");
    expect(same(await verifyTurn(last, engine))).toBe(stepsOf(last));
  }
});

/** The turn with one slot of one step changed. */
function tampered(turn: RecordedTurn, step: number, change: { token?: number; confidence?: number }) {
  let seen = 0;
  const events = turn.events.map((event) => {
    if (event.type !== "denoised" || seen++ !== step) return event;
    return {
      ...event,
      slots: event.slots.map((slot, index) => (index === 0 ? { ...slot, ...change } : slot)),
    };
  });
  return { ...turn, events };
}

test("the first step that is not the same is named, with what it said and says", async () => {
  const [turn] = turnsOf(saved.bytes);
  if (turn === undefined) throw new Error("no turn was saved");
  const third = turn.events.filter((event) => event.type === "denoised")[2];
  const slot = third?.slots[0];
  const other = (slot?.token ?? 0) + 1;
  expect(await verifyTurn(tampered(turn, 2, { token: other }), engine)).toMatchObject({
    steps: 2,
    difference: { kind: "slot", block: third?.block, step: third?.step, position: slot?.position },
  });
  const less = (slot?.confidence ?? 0) - 0.0001;
  expect(await verifyTurn(tampered(turn, 2, { confidence: less }), engine)).toMatchObject({
    steps: 2,
    difference: { kind: "slot", was: { token: slot?.token, confidence: less }, is: { token: slot?.token } },
  });
});

test("a seed, a threshold or a prompt that is not the recorded one shows", async () => {
  const [first, second] = turnsOf(saved.bytes);
  if (first === undefined || second === undefined) throw new Error("no turns were saved");
  const seeded = { ...second, reply: { ...second.reply, settings: { ...second.reply.settings, seed: 4 } } };
  expect((await verifyTurn(seeded, engine)).difference).toBeDefined();
  const bolder = first.events.map((event) =>
    event.type === "denoised" ? { ...event, settings: { ...event.settings, threshold: 0 } } : event,
  );
  expect((await verifyTurn({ ...first, events: bolder }, engine)).difference).toBeDefined();
  const promptIds = first.promptIds.with(0, (first.promptIds[0] ?? 0) + 1);
  expect((await verifyTurn({ ...first, promptIds }, engine)).difference).toBeDefined();
});

test("an answer whose ids are not those of its steps is not the same", async () => {
  const [turn] = turnsOf(saved.bytes);
  if (turn === undefined) throw new Error("no turn was saved");
  const reply = { ...turn.reply, ids: turn.reply.ids.with(0, 1) };
  expect(await verifyTurn({ ...turn, reply }, engine)).toMatchObject({
    steps: stepsOf(turn),
    difference: { kind: "answer" },
  });
});

const changes: fc.Arbitrary<Partial<DecodingSettings>> = fc.oneof(
  fc.record({ strategy: fc.constantFrom(...strategies) }),
  fc.record({ blockLength: fc.constantFrom(1, 2, 4, 8) }),
  fc.record({ threshold: fc.constantFrom(0, 0.2, 0.9) }),
  fc.record({ temperature: fc.constantFrom(0, 0.7, 1.5) }),
  fc.record({ topK: fc.constantFrom(0, 1, 5), topP: fc.constantFrom(0.5, 1) }),
  fc.record({ draftThreshold: fc.constantFrom(0, 0.5), lookaheadThreshold: fc.constantFrom(0, 0.5) }),
  fc.record({ denoisingSteps: fc.constantFrom<DecodingSettings["denoisingSteps"]>(1, 2, "block_length") }),
  fc.record({ maxTokens: fc.integer({ min: 8, max: 30 }) }),
);

test.for([
  ["SDAR's form", tiny, engine],
  ["carry-over masks", carrying, carryingEngine],
] as const)(
  "whatever is turned whenever, the answer decodes again the same (%s)",
  async ([, chat, again]) => {
    const turning = fc.array(fc.tuple(fc.nat(40), changes), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(turning, fc.nat(1000), async (turns, seed) => {
        const conversation = chatWith(chat, { settings: { ...shortAnswers, seed } });
        let count = 0;
        for await (const _ of conversation.send("hello")) {
          for (const [at, change] of turns) if (at === count) conversation.adjust(change);
          count++;
        }
        const [turn] = conversation.turns;
        if (turn === undefined) throw new Error("nothing was answered");
        expect(same(await verifyTurn(turn, again))).toBe(stepsOf(turn));
      }),
      { numRuns: 40 },
    );
  },
);

test("an answer that the dial decoded is decoded again by the same passes, though the clock was another", async () => {
  for (const doubt of ["exact", "fast"] as const) {
    const chat = chatWith(carrying, { settings: { ...shortAnswers, doubt } });
    const ids: (readonly number[])[] = [];
    for await (const event of chat.send("ab")) if (event.type === "finished") ids.push(event.ids);
    for await (const event of chat.again()) if (event.type === "finished") ids.push(event.ids);
    expect(ids[1]).toEqual(ids[0]);
    const [turn] = chat.turns;
    if (turn === undefined) throw new Error("no turn was kept");
    expect(turn.reply.settings.doubt).toBe(doubt);
    expect(same(await verifyTurn(turn, carryingEngine))).toBe(stepsOf(turn));
  }
});
