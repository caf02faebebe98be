import { expect, test } from "vitest";
import { sideTyped, type Turn } from "../../src/chat/index.ts";
import { UserError } from "../../src/errors.ts";
import { runCommand } from "../../src/tui/commands/run.ts";
import { unicodeGlyphs } from "../../src/tui/paint/glyphs.ts";
import { nextFrame } from "../../src/tui/paint/frame.ts";
import { immediatePace } from "../../src/tui/pacing.ts";
import { submit } from "../../src/tui/store/sending.ts";
import { initialState, type ChatState } from "../../src/tui/store/state.ts";
import { happen, type Happening } from "../../src/tui/store/update.ts";
import { rowText } from "../../src/tui/text/row.ts";
import { eventsOf, model, openChat, settingsFor, tokensOf } from "./answers.ts";

const script = { texts: ["The", " sky", " is", " blue"], blockLength: 4, order: [0], confidence: [1] };
const tokens = tokensOf(script.texts);
const settings = settingsFor(4);
const view = { pace: immediatePace, motion: true };
const loading = initialState({ settings, model, history: [], view, contextLimit: 1000 }, 0);

const turn: Turn = {
  user: "before",
  promptIds: [1],
  reply: { content: "yes", ids: [2], borders: [], end: "stop", settings },
  events: [],
};
const ready: Happening = { type: "ready", tokens };
const standing: Happening = {
  type: "standing",
  context: { tokens: 9, limit: 1000 },
  turns: [turn],
  system: undefined,
};
const decoded = eventsOf(script).map((event): Happening => ({ type: "event", event }));
const failed: Happening = { type: "said", text: "There is no conversation ab12.", good: false };
const switched: Happening = { type: "switched", model: { ...model, name: "SDAR" }, settings };
const problem = new UserError("engine", "The engine's process ended.");
const [careful, fast] = [sideTyped("careful"), sideTyped("fast")];

const playing = (state: ChatState, ...happenings: readonly Happening[]) =>
  happenings.reduce((before, each) => happen(before, each, before.now).state, state);

function screen(state: ChatState): string {
  const { lines, picture } = nextFrame(state, { columns: 80, rows: 24 }, unicodeGlyphs);
  return [...lines, ...picture.rows].map((row) => rowText(row).trimEnd()).join("\n");
}

/** A command, and a message behind it. */
const asked = (state: ChatState, command: string) => submit(runCommand(state, command).state, "and?").state;

test.for([
  ["while the model loads", loading, [ready]],
  ["in a loaded chat", openChat(tokens), []],
] as const)("a message behind /resume, %s, waits until the conversation is here", ([, start, first]) => {
  const waiting = playing(asked(start, "/resume ab12"), ...first, standing);
  expect(waiting.answer).toBeUndefined();
  const { state, effects } = happen(waiting, { type: "resumed" }, 1);
  expect(effects).toEqual([{ type: "send", text: "and?" }]);
  const answered = playing(state, ...decoded, { type: "ended", text: "and?" });
  expect(screen(answered)).toMatch(/> before\nyes\n\n> and\?\nThe sky is blue\n/);
});

test("where the conversation cannot be opened, the message comes back and goes nowhere", () => {
  const { state, effects } = happen(playing(asked(loading, "/resume ab12"), ready), failed, 1);
  expect(effects).toEqual([]);
  expect(state).toMatchObject({ queue: [], editor: { text: "and?" }, notice: { text: failed.text } });
  expect(submit(state, "next").effects).toEqual([{ type: "send", text: "next" }]);
});

test("what is said and shown before the model is here does not end the wait for /resume", () => {
  const waiting = playing(asked(loading, "/resume ab12"), failed, standing, { type: "resumed" });
  expect(happen(waiting, ready, 1).effects).toEqual([]);
});

test("a message behind /model waits for that model, also where the first one still loads", () => {
  const first = playing(asked(loading, "/model big"), ready);
  expect(screen(first)).toContain("loading the model");
  for (const waiting of [first, asked(openChat(tokens), "/model big")]) {
    const here = happen(waiting, switched, 1);
    expect(here.effects).toEqual([]);
    const { state, effects } = happen(here.state, ready, 1);
    expect(effects).toEqual([{ type: "send", text: "and?" }]);
    expect(screen(playing(state, ...decoded))).toContain("> and?\nThe sky is blue\n");
  }
});

test("a model that cannot be had gives the message back, and the old one answers", () => {
  const early = playing(asked(loading, "/model big"), ready);
  for (const waiting of [early, asked(openChat(tokens), "/model big")]) {
    const { state, effects } = happen(waiting, ready, 1);
    expect(effects).toEqual([]);
    expect(state).toMatchObject({ queue: [], editor: { text: "and?" } });
    expect(submit(state, "next").effects).toEqual([{ type: "send", text: "next" }]);
  }
});

test("a message behind /compare waits for both sides; a comparison that fails gives it back", () => {
  const waiting = playing(asked(loading, "/compare careful fast -- Why?"), ready);
  expect(waiting.queue).toHaveLength(1);
  const begun = playing(waiting, { type: "side", side: careful, settings }, ...decoded);
  const both = playing(begun, { type: "side", side: fast, settings }, ...decoded);
  const comparison = { question: "Why?", answers: [] };
  const { state, effects } = happen(both, { type: "compared", comparison }, 1);
  expect(effects).toEqual([{ type: "send", text: "and?" }]);
  expect(state.answer?.aside).toBeUndefined();
  const stopped = happen(begun, { type: "incomparable", problem }, 1);
  expect(stopped.effects).toEqual([]);
  expect(stopped.state).toMatchObject({ queue: [], editor: { text: "and?" } });
});

test.for([
  ["/resume ab12", /^An earlier conversation is being opened\. Wait until it is here, then ask again\.$/],
  ["/model big", /^Another model is being loaded\. Wait until it is here, then ask again\.$/],
  ["/compare careful fast", /^A comparison was asked for\. Wait until it is done, then ask again\.$/],
] as const)("until %s is done nothing else changes the page", ([command, sentence]) => {
  const moving = runCommand(playing(openChat(tokens), standing), command).state;
  const { state, effects } = runCommand(moving, "/again");
  expect(effects).toEqual([]);
  expect(state.notice?.text).toMatch(sentence);
  for (const other of ["/resume 1", "/model x", "/compare fast careful", "/new", "/undo", "/edit"])
    expect(runCommand(moving, other).effects).toEqual([]);
});

test("what is decoded goes to the answer that was opened last alone", () => {
  const { state } = submit(openChat(tokens), "why?");
  const [message, open] = state.page;
  if (message === undefined || open === undefined) throw new Error("Nothing was asked.");
  const page = playing({ ...state, page: [open, message, open] }, ...decoded).page;
  expect(page[0]).toEqual(open);
  expect(page[2]).toMatchObject({ kind: "answer", open: false });
});
