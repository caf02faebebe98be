import { expect, test } from "vitest";
import type { Turn } from "../../src/chat/index.ts";
import { defaultSettings, type DecodingSettings } from "../../src/engine/index.ts";
import { UserError } from "../../src/errors.ts";
import { runCommand } from "../../src/tui/commands/run.ts";
import { edit } from "../../src/tui/editor/editor.ts";
import { press } from "../../src/tui/keys/bindings.ts";
import { paint } from "../../src/tui/paint/paint.ts";
import { unicodeGlyphs } from "../../src/tui/paint/glyphs.ts";
import { submit } from "../../src/tui/store/sending.ts";
import type { ChatState, Update } from "../../src/tui/store/state.ts";
import { happen } from "../../src/tui/store/update.ts";
import { rowText } from "../../src/tui/text/row.ts";
import { answering, openChat, tokensOf } from "./answers.ts";

const turn = (
  user: string,
  settings: DecodingSettings = defaultSettings(4),
  knobs?: DecodingSettings,
): Turn => ({
  user,
  promptIds: [1],
  reply: { content: "yes", ids: [2], borders: [], end: "stop", settings, ...(knobs && { knobs }) },
  events: [{ type: "prefilled", promptTokens: 1, reusedTokens: 0, milliseconds: 1 }],
});

const talked = openChat(tokensOf([]), { turns: [turn("one"), turn("two"), turn("three")] });
const script = { texts: ["a", "b", "c", "d", "e"], blockLength: 4, order: [0], confidence: [1] };
const [decoding = talked] = answering(script, "hello", {
  ...openChat(tokensOf(script.texts)),
  turns: talked.turns,
}).slice(3);

/** What the page says, its answers left out. */
const page = ({ page: entries }: ChatState) =>
  entries.flatMap((entry) => {
    if (entry.kind === "message") return [`> ${entry.text}`];
    return entry.kind === "note" ? entry.lines.map(({ lead, text }) => rowText([...lead, ...text])) : [];
  });

function pressed(state: ChatState, ...names: string[]): Update {
  return names.reduce<Update>(
    (before, name) => {
      const done = press(before.state, name, 70) ?? { state: before.state, effects: [] };
      return { state: done.state, effects: [...before.effects, ...done.effects] };
    },
    { state, effects: [] },
  );
}

const typing = (state: ChatState, text: string): ChatState => ({
  ...state,
  editor: edit(state.editor, { type: "replace", text }),
});

test("/again with nothing turned says that the same answer comes", () => {
  const { state, effects } = runCommand(talked, "/again");
  expect(effects).toEqual([{ type: "again", change: {} }]);
  expect(page(state)).toEqual(["Again with the same settings: the same answer.", "> three"]);
});

test("/again does not promise the same answer where another model gave it", () => {
  const { state } = runCommand({ ...talked, turns: [{ ...turn("three"), events: [] }] }, "/again");
  expect(page(state)[0]).toBe("Again with the same settings.");
});

/** What /again says. */
const saidAgain = (state: ChatState) => page(runCommand({ ...state, page: [] }, "/again").state)[0];

test("/again does not promise the same answer where the cache it was decoded with is gone", () => {
  const anew =
    "Again with the same settings, but what was said before is computed anew: rounding may change the answer.";
  const { turns } = talked;
  const resumed = happen(talked, { type: "resumed" }, 1).state;
  expect(saidAgain(resumed)).toBe(anew);
  const context = talked.context;
  const standing = (state: ChatState, now: readonly Turn[]) =>
    happen(state, { type: "standing", context, turns: now, system: undefined }, 2).state;
  expect(saidAgain(standing(resumed, [...turns, turn("four")]))).toContain(": the same answer.");
  const failed: Turn = { ...turn("four"), reply: { ...turn("four").reply, end: "failed" } };
  expect(saidAgain(standing(standing(talked, [...turns, failed]), turns))).toBe(anew);
  const problem = new UserError("engine", "The engine was ended.");
  expect(saidAgain(happen(talked, { type: "incomparable", problem }, 1).state)).toBe(anew);
  const moved: Turn = {
    ...turn("x"),
    events: [{ type: "device_changed", device: "cpu", reason: "It failed." }],
  };
  expect(saidAgain({ ...talked, turns: [moved] })).toBe(anew);
});

test("/again says which knobs were turned since", () => {
  const turned = { ...talked, settings: { ...talked.settings, threshold: 0.5 } };
  const { state, effects } = runCommand(turned, "/again");
  expect(effects).toEqual([{ type: "again", change: {} }]);
  expect(page(state)[0]).toBe("Again, with threshold 0.5 (was 0.9).");
});

test("/again new takes the next seed, and draws at 0.7 where the temperature is 0", () => {
  const { state, effects } = runCommand(talked, "/again new");
  expect(effects).toEqual([{ type: "again", change: { seed: 1, temperature: 0.7 } }]);
  expect(page(state)[0]).toBe("Again, with temperature 0.7 (was 0), seed 1 (was 0).");
  expect(state.settings).toEqual(talked.settings);
});

test("/again new after /again new takes a seed of its own; /again repeats it", () => {
  const knobs = talked.settings;
  const last = turn("three", { ...knobs, seed: 1, temperature: 0.7 }, knobs);
  const once = { ...talked, turns: [last] };
  expect(runCommand(once, "/again new").effects).toEqual([{ type: "again", change: { seed: 2 } }]);
  expect(page(runCommand(once, "/again").state)[0]).toBe(
    "Again with the same settings, seed 1: the same answer.",
  );
});

test("/again SEED takes that seed, and only a seed", () => {
  const warm = { ...talked, settings: { ...talked.settings, temperature: 1 } };
  expect(runCommand(warm, "/again 42").effects).toEqual([{ type: "again", change: { seed: 42 } }]);
  const { state, effects } = runCommand(warm, "/again -3");
  expect(effects).toEqual([]);
  expect(state.notice?.text).toMatch(/seed must be a whole number/);
});

test("/undo gives the message back to the prompt", () => {
  const { state, effects } = runCommand(talked, "/undo");
  expect(effects).toEqual([{ type: "rewind", turns: 2 }]);
  expect(state.editor.text).toBe("three");
  expect(state.turns.map(({ user }) => user)).toEqual(["one", "two"]);
  expect(page(state)).toEqual(["Back to message 2. What was taken back is in the prompt."]);
  expect(runCommand(state, "/undo").state.editor.text).toBe("two");
});

test("/edit puts a message into the prompt; sent, the conversation goes on from there", () => {
  const editing = runCommand(talked, "/edit 2").state;
  expect(editing.editor.text).toBe("two");
  const { state, effects } = pressed(typing(editing, "2"), "enter");
  expect(effects).toContainEqual({ type: "send", text: "2", after: 1 });
  expect(page(state)).toEqual(["In place of message 2 and all behind it:", "> 2"]);
  expect(state.editing).toBeUndefined();
  expect(submit(talked, "next").effects).toEqual([{ type: "send", text: "next" }]);
});

test("what comes into the prompt steers no terminal, whatever the file had", () => {
  const user = "one\u001B]0;title\u0007\r\ntwo \uFDD0 PASTED";
  const inserts = [{ kind: "paste", start: user.indexOf("PASTED"), end: user.length }] as const;
  const hostile = { ...talked, turns: [{ ...turn(user), inserts }] };
  for (const line of ["/edit", "/undo"])
    expect(runCommand(hostile, line).state.editor.text).toBe("one]0;title\ntwo  PASTED");
  const long = "\u001B[2Jline\n".repeat(9);
  const whole: Turn = {
    ...turn(`\u001Bsee ${long}`),
    inserts: [{ kind: "paste", start: 5, end: 5 + long.length }],
  };
  const { text, chips } = runCommand({ ...talked, turns: [whole] }, "/edit").state.editor;
  expect(text).toMatch(/^see .$/);
  expect(chips).toEqual(["[2Jline\n".repeat(9)]);
});

test("while a message is edited the prompt says so, and Esc or Ctrl-C leave the conversation as it was", () => {
  const editing = runCommand(talked, "/edit").state;
  const rows = paint(editing, { columns: 80, rows: 24 }, unicodeGlyphs).rows.map(rowText);
  expect(rows).toContain("editing message 3: enter goes on from there, esc cancels");
  for (const key of ["esc", "ctrl+c"]) {
    const { state, effects } = pressed(editing, key);
    expect(effects).toEqual([]);
    expect(state).toMatchObject({ turns: talked.turns, editor: { text: "" } });
    expect(state.editing).toBeUndefined();
  }
});

test("Esc twice on an empty prompt lists the messages, the last one picked; slowly, or with text, it does not", () => {
  const twice = pressed(talked, "esc", "esc").state;
  expect(twice.editor.text).toBe("/edit ");
  expect(pressed(twice, "enter").state).toMatchObject({ editing: 3, editor: { text: "three" } });
  expect(pressed(twice, "up", "enter").state).toMatchObject({ editing: 2, editor: { text: "two" } });
  const plain = pressed({ ...talked, popups: false }, "esc", "esc").state;
  expect(plain).toMatchObject({ editing: 3, editor: { text: "three" } });
  expect(twice.notice).toBeUndefined();
  const once = pressed(talked, "esc").state;
  expect(once.notice?.text).toBe("Esc again to edit an earlier message.");
  expect(pressed({ ...once, now: 1600 }, "esc").state.editing).toBeUndefined();
  expect(pressed(typing(talked, "text"), "esc", "esc").state.editing).toBeUndefined();
  expect(pressed({ ...talked, turns: [] }, "esc", "esc").state.notice).toBeUndefined();
});

test.for(["/model big", "/resume 1", "/compare careful fast"])(
  "Esc twice while %s is under way says so where no list opens, and the chat goes on",
  (line) => {
    const moving = runCommand({ ...talked, popups: false }, line).state;
    const { state, effects } = pressed(moving, "esc", "esc");
    expect(effects).toEqual([]);
    expect(state.notice?.text).toMatch(/Wait until it is (here|done), then edit\.$/);
    expect(state).toMatchObject({ turns: talked.turns, editor: { text: "" } });
    expect(state.editing).toBeUndefined();
  },
);

test.for([
  ["/edit 4", "There is no message 4: the last one is 3."],
  ["/edit x", 'Say which message: /edit 2, not "x".'],
] as const)("%s is answered by a sentence", ([line, sentence]) => {
  expect(runCommand(talked, line).state.notice?.text).toBe(sentence);
});

test("what was wrong with a command is not said any more once one was understood", () => {
  const refused = runCommand(talked, "/edit 99").state;
  expect(runCommand(refused, "/edit 1").state.notice).toBeUndefined();
  expect(runCommand(refused, "/edit 98").state.notice?.text).toContain("no message 98");
});

test.for(["/again", "/again new", "/undo", "/edit"])(
  "%s needs something to go back to, and an idle engine",
  (line) => {
    const empty = runCommand({ ...talked, turns: [] }, line);
    expect(empty.effects).toEqual([]);
    expect(empty.state.notice?.text).toBe("Nothing was asked yet: type a message first.");
    const busy = runCommand(decoding, line);
    expect(busy.effects).toEqual([]);
    expect(busy.state.notice?.text).toMatch(/^An answer is being decoded. Press Esc to stop it, then/);
  },
);

test("an engine that does not stop is ended by Ctrl-C twice", () => {
  const stopping = pressed(decoding, "ctrl+c").state;
  const later = happen(stopping, { type: "tick" }, 5000).state;
  const once = pressed(later, "ctrl+c");
  expect(once.effects).toEqual([]);
  expect(once.state.notice?.text).toBe("Ctrl-C again to end the engine.");
  expect(pressed(once.state, "ctrl+c").effects).toEqual([{ type: "endEngine" }]);
  expect(pressed(stopping, "ctrl+c", "ctrl+c").effects).toEqual([{ type: "quit" }]);
});

test("where the conversation stands is what it says", () => {
  const context = { tokens: 7, limit: 1000 };
  const { state } = happen(talked, { type: "standing", context, turns: [turn("one")], system: undefined }, 1);
  expect(state.context).toEqual(context);
  expect(state.turns).toHaveLength(1);
});
