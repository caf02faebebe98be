import { beforeAll, expect, test } from "vitest";
import { type AnswerState, reduceAnswer, waitingAnswer } from "../../src/chat/index.ts";
import type { Denoised, EngineEvent, SlotReading } from "../../src/engine/index.ts";
import { tiny } from "../model/folders.ts";
import { ask, chatWith, openTiny, shortAnswers, statesOf, type TinyChat } from "./chats.ts";

let chat: TinyChat;

beforeAll(async () => {
  chat = await openTiny();
});

const settings = shortAnswers;

const reading = (position: number, token: number, unmasked: boolean): SlotReading => ({
  position,
  token,
  confidence: unmasked ? 0.9 : 0.2,
  runnersUp: [{ token: tiny.end, probability: 0.05 }],
  unmasked,
});

/** A step that places the given tokens and leaves the others waiting with the guess "a". */
function step(
  number: number,
  placed: Readonly<Record<number, number>>,
  waiting: readonly number[] = [],
): Denoised {
  const [guess = 0] = chat.tokenizer.encode("a");
  const slots = [
    ...Object.entries(placed).map(([position, token]) => reading(Number(position), token, true)),
    ...waiting.map((position) => reading(position, guess, false)),
  ].toSorted((a, b) => a.position - b.position);
  const times = { milliseconds: 10, elapsed: 10 * (number + 1) };
  return { type: "denoised", block: 0, step: number, slots, settings, rows: 4, ...times };
}

const prefilled: EngineEvent = { type: "prefilled", promptTokens: 6, reusedTokens: 0, milliseconds: 1 };

const opened = (block: number, start: number, ids: readonly number[]): EngineEvent => ({
  type: "block_opened",
  block,
  start,
  ids,
  settings,
});

const reduce = (events: readonly EngineEvent[]) =>
  events.reduce<AnswerState>(
    (state, event) => reduceAnswer(state, event, chat.tokenizer),
    waitingAnswer(settings),
  );

const { mask } = tiny;
const letters = (text: string) => chat.tokenizer.encode(text);

test("an answer waits until its first block opens", () => {
  expect(reduce([]).phase).toBe("waiting");
  expect(reduce([prefilled])).toMatchObject({ phase: "waiting", prompt: { tokens: 6, reused: 0 } });
  expect(reduce([prefilled, opened(0, 4, [1, 2, mask, mask])]).phase).toBe("decoding");
});

test("a prompt's tail that starts the first block is no slot of the answer", () => {
  const { block } = reduce([prefilled, opened(0, 4, [1, 2, mask, mask])]);
  expect(block).toMatchObject({ number: 0, start: 6, step: 0 });
  expect(block?.slots.map((slot) => [slot.position, slot.state, slot.text, slot.guess])).toEqual([
    [6, "masked", "", ""],
    [7, "masked", "", ""],
  ]);
});

test("a slot shows its best guess while it waits, and its text once it is placed", () => {
  const [b = 0] = letters("b");
  const { block } = reduce([prefilled, opened(0, 4, [1, 2, mask, mask]), step(0, { 7: b }, [6])]);
  expect(block?.step).toBe(1);
  expect(block?.slots).toMatchObject([
    { state: "masked", text: "", guess: "a", label: "a", confidence: 0.2 },
    { state: "resolved", text: "b", guess: "b", confidence: 0.9, step: 0 },
  ]);
  expect(block?.slots[0]).not.toHaveProperty("step");
  expect(block?.slots[0]?.runnersUp).toEqual([{ text: "<|im_end|>", probability: 0.05 }]);
});

test("what lies behind a placed stop token has no text, does not count, and is marked", () => {
  const [a = 0, b = 0] = letters("ab");
  const { block, rates } = reduce([
    prefilled,
    opened(0, 8, [mask, mask, mask, mask]),
    step(0, { 8: a, 11: b }, [9, 10]),
    step(1, { 10: tiny.end }, [9]),
  ]);
  expect(block?.slots.map(({ text, kept }) => [text, kept])).toEqual([
    ["a", true],
    ["", true],
    ["", true],
    ["", false],
  ]);
  expect(rates).toMatchObject({
    tokens: 2,
    passes: 2,
    elapsedMs: 20,
    tokensPerPass: 1,
    timeToFirstTextMs: 10,
  });
});

test("a character that two blocks share shows when it is whole", () => {
  const bytes = letters("👧");
  const [first = 0, ...others] = bytes;
  expect(others).toHaveLength(3);
  const half = reduce([
    prefilled,
    opened(0, 7, [mask]),
    step(0, { 7: first }),
    { type: "block_finished", block: 0, start: 7, ids: [first] },
  ]);
  expect(half).toMatchObject({ text: "", rates: { tokens: 1 } });
  const [second = 0, third = 0, fourth = 0] = others;
  const placed = { 8: second, 9: third, 10: fourth };
  const next = [opened(1, 8, [mask, mask, mask, mask]), step(0, placed, [11])];
  const whole = next.reduce((state, event) => reduceAnswer(state, event, chat.tokenizer), half);
  expect(whole.block?.slots.map((slot) => slot.text)).toEqual(["👧", "", "", ""]);
  expect(whole).toMatchObject({ text: "", rates: { tokens: 4 } });
});

test("while a real answer is decoded its text only grows, and ends as the text of its ids", async () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const conversation = chatWith(chat, { settings: { ...settings, temperature: 1, seed } });
    const events = await ask(conversation, "Question".slice(seed));
    const states = statesOf(events, settings, chat.tokenizer);
    for (const [index, state] of states.entries()) {
      expect(state.text.startsWith(states[index - 1]?.text ?? "")).toBe(true);
    }
    const [reply] = conversation.turns.map((turn) => turn.reply);
    const last = states.at(-1);
    expect(last).toMatchObject({ phase: "finished", text: reply?.content, reason: reply?.end });
    expect(last?.rates.tokens).toBe(reply?.ids.length);
    expect(last?.block).toBeUndefined();
  }
});

test("what a running answer shows is its text so far, but for masks", async () => {
  const events = await ask(chatWith(chat), "Hello");
  for (const { held, block, phase } of statesOf(events, settings, chat.tokenizer)) {
    if (phase !== "decoding" || block?.slots.some((slot) => slot.state === "masked") !== false) continue;
    const ids = block.slots.map((slot) => slot.token ?? 0);
    expect(block.slots.map((slot) => slot.text).join("")).toBe(chat.tokenizer.append(held, ids).text);
  }
});

test("rates count passes after the prefill, and the settings are those of the pass", async () => {
  const conversation = chatWith(chat);
  const events: EngineEvent[] = [];
  for await (const event of conversation.send("Hello")) {
    events.push(event);
    if (event.type === "denoised" && event.step === 0 && event.block === 1)
      conversation.adjust({ threshold: 0.05 });
  }
  const states = statesOf(events, settings, chat.tokenizer);
  const last = states.at(-1);
  const denoised = events.filter((event) => event.type === "denoised");
  expect(last?.rates.passes).toBe(denoised.length);
  expect(last?.settings.threshold).toBe(0.05);
  expect(states.map((state) => state.rates.passes)).toEqual(
    states.map((state) => state.rates.passes).toSorted((a, b) => a - b),
  );
  expect(last?.rates.tokensPerPass).toBeCloseTo(24 / denoised.length);
});

test("a draft shows while it is checked, stays where it stood and is named where another token took its place", () => {
  const [a = 0, b = 0, c = 0] = letters("abc");
  const drafts = [a, b, b].map((token) => ({ token, probability: 0.8 }));
  const window = { ...opened(0, 6, [mask, mask, mask, mask]), drafts };
  const before = reduce([prefilled, window]);
  expect(
    before.block?.slots.map(({ state, guess, confidence, draft }) => [state, guess, confidence, draft?.text]),
  ).toEqual([
    ["masked", "a", 0.8, "a"],
    ["masked", "b", 0.8, "b"],
    ["masked", "b", 0.8, "b"],
    ["masked", "", undefined, undefined],
  ]);
  const after = reduce([prefilled, window, step(0, { 6: a, 7: c }, [8, 9])]);
  expect(after.block?.slots.map(({ state, text, draft }) => [state, text, draft])).toEqual([
    ["resolved", "a", { text: "a", refused: false }],
    ["resolved", "c", { text: "b", refused: true }],
    ["masked", "", { text: "b", refused: false }],
    ["masked", "", undefined],
  ]);
});
