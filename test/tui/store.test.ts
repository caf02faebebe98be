import { expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import type { EngineEvent } from "../../src/engine/index.ts";
import { visiblePace } from "../../src/tui/pacing.ts";
import { unicodeGlyphs } from "../../src/tui/paint/glyphs.ts";
import { nextFrame } from "../../src/tui/paint/frame.ts";
import { runCommand } from "../../src/tui/commands/run.ts";
import { edit } from "../../src/tui/editor/editor.ts";
import { press } from "../../src/tui/keys/bindings.ts";
import { nextWake } from "../../src/tui/store/clock.ts";
import { submit } from "../../src/tui/store/sending.ts";
import { initialState, isAnswering, type ChatState } from "../../src/tui/store/state.ts";
import { happen, type Happening } from "../../src/tui/store/update.ts";
import { rowText } from "../../src/tui/text/row.ts";
import { answering, eventsOf, model, openChat, settingsFor, tokensOf, type Script } from "./answers.ts";

const script: Script = {
  texts: ["The", " sky", " is", " blue", " today", "."],
  blockLength: 4,
  order: [0],
  confidence: [1],
};
const tokens = tokensOf(script.texts);
const events = eventsOf(script);
const idle = openChat(tokens);

const after = (state: ChatState, ...happenings: Happening[]) =>
  happenings.reduce((before, each) => happen(before, each, before.now).state, state);

const heard = (state: ChatState, some: readonly EngineEvent[]) =>
  after(state, ...some.map((event): Happening => ({ type: "event", event })));

/** All that would be on the page and below it, as text. */
function screen(state: ChatState): string {
  const { lines, picture } = nextFrame(state, { columns: 80, rows: 24 }, unicodeGlyphs);
  return [...lines, ...picture.rows].map(rowText).join("\n");
}

const failure = new UserError("engine", "The engine ended. Ask again.");

test("a message that is sent while the model loads waits, and goes when it is there", () => {
  const view = { pace: visiblePace, motion: true };
  const loading = initialState({ settings: settingsFor(4), model, history: [], view, contextLimit: 1000 }, 0);
  const { state, effects } = submit(loading, "early");
  expect(effects).toEqual([]);
  expect(screen(state)).toContain("next: early");
  expect(screen(state)).toContain("loading the model");
  expect(happen(state, { type: "ready", tokens }, 10).effects).toEqual([{ type: "send", text: "early" }]);
});

test("queued messages go one by one, each when the engine is done with the answer before it", () => {
  const first = submit(idle, "one").state;
  const queued = submit(submit(first, "two").state, "three").state;
  const told = events
    .slice(0, -1)
    .reduce((state, event) => happen(state, { type: "event", event }, 0).state, queued);
  expect(happen(told, { type: "event", event: events.at(-1) ?? failed() }, 0).effects).toEqual([]);
  const done = after(told, { type: "event", event: events.at(-1) ?? failed() });
  const { state, effects } = happen(done, { type: "ended", text: "one" }, 0);
  expect(effects).toEqual([{ type: "send", text: "two" }]);
  expect(state.queue.map(({ message }) => message.text)).toEqual(["three"]);
});

test("a queued message does not wait for a picture that trails: it jumps to the end", () => {
  const slow = runCommand(openChat(tokens), "/view 2").state;
  const told = heard(submit(submit(slow, "one").state, "two").state, events);
  expect(told.answer?.view.phase).toBe("decoding");
  const { state, effects } = happen(told, { type: "ended", text: "one" }, 1);
  expect(effects).toEqual([{ type: "send", text: "two" }]);
  expect(screen(state)).toContain("The sky is blue today.\n \n> two");
});

test("after a failure nothing is sent that was queued: it comes back to the prompt", () => {
  const queued = submit(submit(submit(idle, "one").state, "two").state, "three").state;
  const half = { ...queued, editor: edit(queued.editor, { type: "insert", text: "half" }) };
  const full = new UserError("context-full", "The context is full.");
  const broken: Happening = { type: "ended", text: "one", problem: failure };
  const unasked: Happening = { type: "ended", text: "one", problem: full };
  for (const [state, happening, text] of [
    [queued, broken, "two\nthree"],
    [half, broken, "two\nthree\nhalf"],
    [queued, unasked, "one\ntwo\nthree"],
    [half, unasked, "one\ntwo\nthree\nhalf"],
  ] as const) {
    const { state: back, effects } = happen(state, happening, 1);
    expect(effects).toEqual([]);
    expect(back).toMatchObject({ queue: [], editor: { text } });
  }
});

test("what comes back while the history is searched is there when the search is left", () => {
  const searching = press(submit(submit(idle, "one").state, "two").state, "ctrl+r", 80)?.state ?? idle;
  const broken = after(searching, { type: "ended", text: "one", problem: failure });
  expect(broken).toMatchObject({ queue: [], editor: { text: "" } });
  expect(press(broken, "esc", 80)?.state.editor.text).toBe("two");
});

function failed(): never {
  throw new Error("a script has a last event");
}

test("an answer that broke off keeps what was resolved, says why once, and the prompt lives", () => {
  const broken = after(heard(submit(idle, "why?").state, events.slice(0, 4)), {
    type: "ended",
    text: "why?",
    problem: failure,
  });
  expect(isAnswering(broken)).toBe(false);
  expect(screen(broken)).toContain("> why?\nThe sky\n");
  expect(screen(broken).match(/The engine ended/g)).toHaveLength(1);
  expect(submit(broken, "again").effects).toEqual([{ type: "send", text: "again" }]);
});

test("what is resolved stays on the page when the chat is left in mid-answer, its masks do not", () => {
  const left = after(heard(submit(idle, "why?").state, events.slice(0, 4)), { type: "leaving" });
  expect(screen(left).trim()).toBe("> why?\nThe sky");
});

test("slots behind the first mask are no part of an answer that broke off", () => {
  const scattered = eventsOf({ ...script, order: [0, 2, 0] });
  const broken = after(heard(submit(idle, "why?").state, scattered.slice(0, 4)), {
    type: "ended",
    text: "why?",
    problem: failure,
  });
  expect(screen(broken)).toContain("> why?\nThe\n");
});

test("a message that could not be asked comes back to the prompt", () => {
  const full = new UserError("context-full", "The context is full.");
  const refused = after(submit(idle, "too long").state, { type: "ended", text: "too long", problem: full });
  expect(refused.editor.text).toBe("too long");
  expect(screen(refused)).toContain("The context is full.");
});

test("the paced view trails behind, the rates do not", () => {
  const paced = openChat(tokens, { view: { pace: visiblePace, motion: true } });
  const all = heard(submit(paced, "why?").state, events);
  expect(all.answer?.engine.phase).toBe("finished");
  expect(all.answer?.view.phase).toBe("decoding");
  expect(all.answer?.engine.rates.tokens).toBe(7);
  const later = happen(all, { type: "tick" }, 5000).state;
  expect(later.answer?.view.phase).toBe("finished");
});

test("/view sets the steps shown a second, also of the answer on the screen; Esc shows the rest", () => {
  const slow = runCommand(openChat(tokens), "/view 2").state;
  const trailing = after(heard(submit(slow, "why?").state, events), { type: "ended", text: "why?" });
  const later = [500, 1000, 1500].reduce(
    (state, now) => happen(state, { type: "tick" }, now).state,
    trailing,
  );
  expect(later.answer?.view.rates.passes).toBe(4);
  expect(
    happen(runCommand(trailing, "/view live").state, { type: "tick" }, 20).state.answer?.view.phase,
  ).toBe("finished");
  expect(press(trailing, "esc", 80)?.state.answer?.view.phase).toBe("finished");
  for (const wrong of ["/view", "/view 0", "/view 61", "/view fast"])
    expect(runCommand(slow, wrong).state.notice?.text).toContain("/view 4");
});

test("a message sent while the view trails jumps to the end", () => {
  const paced = openChat(tokens, { view: { pace: visiblePace, motion: true } });
  const trailing = after(heard(submit(paced, "why?").state, events), { type: "ended", text: "why?" });
  const { state, effects } = submit(trailing, "and now?");
  expect(effects).toEqual([{ type: "send", text: "and now?" }]);
  expect(screen(state)).toContain("The sky is blue today.\n \n> and now?");
});

test("what commands print waits until the answer is complete, and says so", () => {
  const decoding = heard(submit(idle, "why?").state, events.slice(0, 5));
  const { state } = runCommand(decoding, "/help");
  expect(state.notice?.text).toContain("when the answer is complete");
  expect(screen(state)).not.toContain("/quit");
  expect(screen(heard(state, events.slice(5)))).toMatch(/today\.\n \n\/help/);
});

test("a warning waits for the answer too, without a word", () => {
  const decoding = heard(submit(idle, "why?").state, events.slice(0, 5));
  const warned = after(decoding, { type: "warned", text: "Not saved: the disk is full." });
  expect(warned.notice).toBeUndefined();
  expect(screen(warned)).not.toContain("Not saved");
  expect(screen(heard(warned, events.slice(5)))).toMatch(/today\.\n \nNot saved/);
});

test("ten silent seconds are spoken of", () => {
  const decoding = heard(submit(idle, "why?").state, events.slice(0, 4));
  expect(screen(happen(decoding, { type: "tick" }, 9999).state)).toContain("block 1");
  expect(screen(happen(decoding, { type: "tick" }, 12_300).state)).toContain(
    "still working, 12 s  esc stops",
  );
});

test("the chat wakes up for what changes by itself, and sleeps otherwise", () => {
  expect(nextWake(idle)).toBeUndefined();
  const decoding = heard(submit(idle, "why?").state, events.slice(0, 4));
  expect(nextWake(decoding)).toBe(1000);
  const said = after(idle, { type: "said", text: "Saved.", good: true });
  expect(nextWake(said)).toBe(said.notice?.until);
  expect(happen(said, { type: "tick" }, said.notice?.until ?? 0).state.notice).toBeUndefined();
});

test("masks behind a placed stop token are not shown", () => {
  const short = eventsOf({ ...script, texts: ["Yes"], order: [1] });
  const states = heard(submit(openChat(tokensOf(["Yes"])), "sure?").state, short.slice(0, 3));
  expect(screen(states)).not.toMatch(/░░░ ░░░/);
});

test("a long answer leaves nothing behind in the state", () => {
  const long: Script = { ...script, texts: Array.from({ length: 600 }, (_, index) => ` word${index}`) };
  let state = submit(openChat(tokensOf(long.texts)), "go").state;
  let most = 0;
  for (const event of eventsOf(long)) {
    state = nextFrame(after(state, { type: "event", event }), { columns: 80, rows: 24 }, unicodeGlyphs).state;
    const [entry] = state.page;
    if (entry?.kind === "answer") most = Math.max(most, entry.flow.pieces.length);
  }
  expect(state.page).toEqual([]);
  expect(most).toBeLessThan(40);
});

test("the finished answer is what was decoded", () => {
  const [last = idle] = answering(script, "why?").slice(-1);
  expect(screen(last)).toContain("The sky is blue today.");
});

test.for([
  ["length", /Cut at the limit of 1024 tokens; \/set max-tokens/],
  ["context", /The context is full: all of its 1000 tokens.*\/new/],
] as const)("an answer that ends by %s says so, and what can be done", ([reason, sentence]) => {
  const cut = events.map((event) => (event.type === "finished" ? { ...event, reason } : event));
  expect(screen(heard(submit(idle, "why?").state, cut)).replaceAll("\n", " ")).toMatch(sentence);
});

test("the limit that is named is the answer's own, whatever was wished for meanwhile", () => {
  const cut = events.map((event) =>
    event.type === "finished" ? { ...event, reason: "length" as const } : event,
  );
  const turned = runCommand(submit(idle, "why?").state, "/set max-tokens 64").state;
  expect(screen(heard(turned, cut))).toContain("Cut at the limit of 1024 tokens");
});

test("the hint for those who see masks for the first time is said once", () => {
  const first = submit({ ...idle, hint: "Grey is masked." }, "why?").state;
  expect(first.notice?.text).toBe("Grey is masked.");
  const second = submit(after(heard(first, events), { type: "ended", text: "why?" }), "and?").state;
  expect(second.notice).toBeUndefined();
});

test("a stream that ends without a last word leaves no answer hanging", () => {
  const broken = after(heard(submit(idle, "why?").state, events.slice(0, 4)), {
    type: "ended",
    text: "why?",
  });
  expect(isAnswering(broken)).toBe(false);
  expect(screen(broken)).toContain("> why?\nThe sky\n");
});
