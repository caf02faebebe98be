import { readFile } from "node:fs/promises";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { openTranscript } from "../../src/chat/index.ts";
import { newTranscript } from "../../src/chat/saving.ts";
import { readTranscript } from "../../src/chat/transcript.ts";
import { defaultSettings, type Candidate, type EngineEvent } from "../../src/engine/index.ts";
import { openTiny, shortAnswers, statesOf, type TinyChat } from "./chats.ts";
import { pathOf, program, said, type Saved, savedConversation, saving } from "./transcripts.ts";

let chat: TinyChat;
let saved: Saved;

beforeAll(async () => {
  chat = await openTiny();
  saved = await savedConversation(chat);
});

const round = (value: number, scale: number) => Math.round(value * scale) / scale;

const roundedCandidate = ({ token, probability }: Candidate): Candidate => ({
  token,
  probability: round(probability, 1e5),
});

/** Numbers as a transcript keeps them: what is left of a difference is rounding. */
function rounded(event: EngineEvent): EngineEvent {
  if (event.type === "prefilled" || event.type === "finished")
    return { ...event, milliseconds: round(event.milliseconds, 10) };
  if (event.type === "block_opened" && event.drafts !== undefined)
    return { ...event, drafts: event.drafts.map(roundedCandidate) };
  if (event.type !== "denoised") return event;
  const slots = event.slots.map(({ entropy, ...slot }) => ({
    position: slot.position,
    token: slot.token,
    unmasked: slot.unmasked,
    confidence: round(slot.confidence, 1e5),
    ...(entropy !== undefined && { entropy: round(entropy, 1e4) }),
    runnersUp: slot.unmasked ? slot.runnersUp.map(roundedCandidate) : [],
  }));
  const hedged = event.hedged && { hedged: event.hedged.map(roundedCandidate) };
  return {
    ...event,
    slots,
    ...hedged,
    milliseconds: round(event.milliseconds, 10),
    elapsed: round(event.elapsed, 10),
  };
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
  expect(said(transcript)).toEqual(said(saved.conversation));
  expect(transcript.wholeBytes).toBe(saved.bytes.length);
});

test("every step is read back, up to the rounding of its numbers", () => {
  const { turns } = readTranscript(saved.bytes, "x");
  expect(turns.map((turn) => turn.events)).toEqual(saved.events.map((events) => events.map(rounded)));
});

/** The events of an answer whose process ends behind the event at `last`: another one opens the block again. */
function reopened(events: readonly EngineEvent[], last: number): EngineEvent[] {
  const again = events.slice(0, last + 1).findLastIndex(({ type }) => type === "block_opened");
  return [...events.slice(0, last + 1), ...events.slice(again)];
}

test("a block that another process opens again is kept as that one decoded it, with the settings that changed", async () => {
  const [events = []] = saved.events;
  const [turn] = saved.conversation.turns;
  if (turn === undefined) throw new Error("nothing was said");
  const passes = events.flatMap(({ type }, index) => (type === "denoised" ? [index] : []));
  for (const last of passes) {
    const facts = { folder: chat.folder, info: chat.engine.info, system: undefined };
    const { file, recorder } = newTranscript(await saving(), facts, []);
    recorder.asked(turn, { ids: turn.promptIds, borders: [] }, turn.reply.settings, turn.reply.settings);
    for (const event of reopened(events, last)) recorder.event(event);
    recorder.ended(
      turn,
      events.find((event) => event.type === "finished"),
    );
    recorder.close();
    const [read] = readTranscript(await readFile(file.path), "x").turns;
    expect(read?.events).toEqual(events.map(rounded));
  }
});

test("guesses that were checked are read back", () => {
  const { turns } = readTranscript(saved.bytes, "x");
  const drafts = turns
    .at(-1)
    ?.events.flatMap((event) => (event.type === "block_opened" ? (event.drafts ?? []) : []));
  expect(drafts?.length).toBeGreaterThan(0);
});

test("a transcript from before guess and check opens, with the usual thresholds", () => {
  const older = saved.bytes
    .toString()
    .replaceAll(/"((draft|lookahead|hedge)Threshold|promptLookup)":[\d.]+,/g, "");
  expect(older).not.toMatch(/Threshold|promptLookup/);
  const { turns } = readTranscript(Buffer.from(older), "x");
  const { draftThreshold, lookaheadThreshold } = defaultSettings(4);
  const before = { draftThreshold, lookaheadThreshold, hedgeThreshold: 2, promptLookup: 0 };
  expect(turns[0]?.reply.settings).toMatchObject(before);
});

/** With which the second window of a transcript opened. */
const thresholds = (bytes: string) =>
  (readTranscript(Buffer.from(bytes), "x").turns[0]?.events ?? []).flatMap((event) =>
    event.type === "block_opened" && event.block === 1 ? [event.settings.draftThreshold] : [],
  );

test("in a transcript from before lookup a window opens with the draft threshold of the pass before, which made its drafts then", () => {
  const lines = saved.bytes.toString().split("\n");
  const second = lines.flatMap((line, index) => (line.includes('"type":"block"') ? [index] : []))[1] ?? -1;
  const turned = { ...JSON.parse(lines[second] ?? ""), settings: { draftThreshold: 0.77 } };
  const text = lines.with(second, JSON.stringify(turned)).join("\n");
  expect(thresholds(text)).toEqual([0.77]);
  expect(thresholds(text.replaceAll(/"promptLookup":\d+,/g, ""))).toEqual([
    defaultSettings(4).draftThreshold,
  ]);
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
          slot.draft,
        ]),
      }));
    expect(shown(again)).toEqual(shown(before));
  }
});

test("a file cut at any byte opens, and gives a beginning of what was said", () => {
  const whole = said(saved.conversation);
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
    "some.jsonl is no conversation that sdar-chat saved. /resume in a chat lists those there are.",
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
