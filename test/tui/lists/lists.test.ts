import { expect, test } from "vitest";
import { commands } from "../../../src/tui/commands/table.ts";
import { press } from "../../../src/tui/keys/bindings.ts";
import { typed } from "../../../src/tui/keys/prompt.ts";
import { shownList } from "../../../src/tui/lists/open.ts";
import { nextFrame } from "../../../src/tui/paint/frame.ts";
import { asciiGlyphs, unicodeGlyphs } from "../../../src/tui/paint/glyphs.ts";
import { heightLimit, paint, type Size } from "../../../src/tui/paint/paint.ts";
import type { ChatState, Update } from "../../../src/tui/store/state.ts";
import { happen } from "../../../src/tui/store/update.ts";
import { rowText, rowWidth } from "../../../src/tui/text/row.ts";
import { answering, openChat, tokensOf } from "../answers.ts";

const idle = openChat(tokensOf([]));
const script = { texts: ["a", "b", "c", "d", "e"], blockLength: 4, order: [0], confidence: [1] };
const [decoding = idle] = answering(script).slice(3);

/** Types and presses: what stands in angle brackets is a key. */
function entered(state: ChatState, ...strokes: string[]): Update {
  return strokes.reduce<Update>(
    (before, stroke) => {
      const key = /^<(.+)>$/.exec(stroke)?.[1];
      const done = key === undefined ? typed(before.state, stroke) : press(before.state, key, 70);
      return done === undefined
        ? before
        : { state: done.state, effects: [...before.effects, ...done.effects] };
    },
    { state, effects: [] },
  );
}

const labels = (state: ChatState) => shownList(state)?.items.map(({ label }) => label) ?? [];
const picked = (state: ChatState) => {
  const shown = shownList(state);
  return shown?.items[shown.at]?.label;
};

test("a slash opens the list of all commands, and typing narrows it", () => {
  const slash = entered(idle, "/").state;
  expect(labels(slash)).toEqual(commands.map(({ name }) => name));
  expect(labels(entered(slash, "s").state).slice(0, 4)).toEqual(["set", "system", "save", "stats"]);
  expect(labels(entered(slash, "s", "ta").state)).toEqual(["stats"]);
  expect(labels(entered(idle, "/nothing").state)).toEqual([]);
  expect(labels(entered(idle, "either/or").state)).toEqual([]);
});

test("Up and Down pick, the ends meet, and Enter runs what is picked", () => {
  const list = entered(idle, "/s").state;
  expect(picked(list)).toBe("set");
  expect(picked(entered(list, "<down>").state)).toBe("system");
  expect(picked(entered(list, "<up>").state)).toBe(labels(list).at(-1));
  expect(picked(entered(list, "<up>", "<down>").state)).toBe("set");
  const ran = entered(list, "<down>", "<down>", "<down>", "<enter>").state;
  expect(ran.page.at(-1)?.kind).toBe("note");
  expect(ran.editor.text).toBe("");
});

test("Tab puts the picked one into the prompt and goes on with its values", () => {
  const completed = entered(idle, "/se", "<tab>").state;
  expect(completed.editor.text).toBe("/set ");
  expect(labels(completed)).toContain("draft-threshold");
  const knob = entered(completed, "stra", "<enter>").state;
  expect(knob.editor.text).toBe("/set strategy ");
  const { state, effects } = entered(knob, "<down>", "<enter>");
  expect(effects).toContainEqual({ type: "adjust", change: { strategy: "low_confidence_static" } });
  expect(state.editor.text).toBe("");
  expect(state.history.entries).toEqual(["/set strategy low_confidence_static"]);
});

test("a number that is typed counts, not the one that the list would make of it", () => {
  const typing = entered(idle, "/set threshold 0.8").state;
  expect(labels(typing)).toEqual(["0.8", "0.85"]);
  expect(entered(typing, "<enter>").effects).toContainEqual({ type: "adjust", change: { threshold: 0.8 } });
  expect(entered(typing, "<down>", "<down>", "<enter>").effects).toContainEqual({
    type: "adjust",
    change: { threshold: 0.85 },
  });
});

test("a value that is typed behind the beginning of a name is not lost", () => {
  const { state, effects } = entered(idle, "/set temp 0.4", "<enter>");
  expect(effects).toContainEqual({ type: "adjust", change: { temperature: 0.4 } });
  expect(state.editor.text).toBe("");
  expect(labels(entered(idle, "/set strat dyn").state)).toEqual(["low_confidence_dynamic"]);
  const wrong = entered(idle, "/set model x", "<enter>");
  expect(wrong.effects.map(({ type }) => type)).toEqual(["remember"]);
  expect(wrong.state.notice?.text).toBe("model is no setting but a command: /model x");
  expect(wrong.state.editor.text).toBe("/set model x");
});

test("Esc closes the list and nothing else; with an answer running it takes a second one to stop it", () => {
  const closed = entered(decoding, "/s", "<esc>");
  expect(closed.effects).toEqual([]);
  expect(closed.state.editor.text).toBe("/s");
  expect(labels(closed.state)).toEqual([]);
  expect(entered(closed.state, "<esc>").effects).toEqual([{ type: "stop" }]);
  expect(labels(entered(closed.state, "<tab>").state)).not.toEqual([]);
});

test("what comes back from the history opens no list: the arrows go on through it", () => {
  const before = entered(idle, "first", "<enter>").state;
  const ready = { ...before, queue: [] };
  const recalled = entered(entered(ready, "/set threshold 0.9", "<enter>").state, "<up>").state;
  expect(recalled.editor.text).toBe("/set threshold 0.9");
  expect(labels(recalled)).toEqual([]);
  expect(entered(recalled, "<up>").state.editor.text).toBe("first");
});

const saved = (firstWords: string, turns: number) => ({
  path: `/x/${firstWords}.jsonl`,
  id: firstWords,
  changedAt: 0,
  model: "tiny",
  weights: "w",
  firstWords,
  isOpen: false,
  turns,
});

test("/resume lists conversations by first words, age and length, filtered by what is typed", () => {
  const asked = entered(idle, "/resume", "<enter>");
  expect(asked.effects).toContainEqual({ type: "earlier" });
  expect(rowsOf(asked.state)).toContain("looking for conversations");
  const chats = [saved("about foxes", 3), saved("about rivers", 1)];
  const { state } = happen(asked.state, { type: "earlier", chats, at: 3_600_000 * 5 }, 1);
  expect(rowsOf(state).join("\n")).toMatch(
    /^› 1 {2}5 h ago {2}about foxes {2}3 messages, tiny\n {2}2 {2}5 h ago {2}about rivers {2}1 message, tiny$/m,
  );
  const narrowed = entered(state, "riv");
  expect(narrowed.effects).toEqual([]);
  const { effects, state: after } = entered(narrowed.state, "<enter>");
  expect(effects).toEqual([{ type: "resume", wanted: "2" }]);
  expect(after.history.entries).toEqual(["/resume"]);
});

test("where there is no earlier conversation the list closes, and the prompt is empty again", () => {
  const asked = entered(idle, "/resume", "<enter>").state;
  const none = happen(asked, { type: "earlier", chats: [], at: 0 }, 1).state;
  expect(none.editor.text).toBe("");
  expect(shownList(none)).toBeUndefined();
});

test("/model lists models and marks the present one; a folder that is typed counts too", () => {
  const asked = entered(idle, "/mo", "<enter>");
  expect(asked.effects).toContainEqual({ type: "models" });
  const names = ["embedded", "sdar-1.7b"];
  const { state } = happen(asked.state, { type: "models", names, present: "sdar-1.7b" }, 1);
  expect(rowsOf(state)).toContain("  sdar-1.7b  answers now");
  expect(entered(state, "<down>", "<enter>").effects).toContainEqual({
    type: "model",
    name: "sdar-1.7b",
  });
  expect(entered(state, "./models/x", "<enter>").effects).toContainEqual({
    type: "model",
    name: "./models/x",
  });
});

test("whatever a name has in it, it has one row", () => {
  const asked = entered(idle, "/model ").state;
  const names = ["one\ntwo\u001B[2J", "three"];
  const rows = rowsOf(happen(asked, { type: "models", names, present: "three" }, 1).state);
  expect(rows).toContain("› one two[2J");
  for (const row of rows) expect(row).not.toContain("\n");
});

const rowsOf = (state: ChatState, at: Size = { columns: 80, rows: 24 }, glyphs = unicodeGlyphs) =>
  nextFrame(state, at, glyphs).picture.rows.map(rowText);

test.for([
  [80, 24, 8],
  [40, 12, 7],
  [30, 8, 4],
] as const)("at %i x %i the list has %i rows, the picked one always among them", ([columns, rows, most]) => {
  const size = { columns, rows };
  let state = entered(idle, "/").state;
  for (const { name } of commands) {
    const { rows: painted, cursor } = paint(state, size, unicodeGlyphs);
    const texts = painted.map(rowText);
    expect(painted.length).toBeLessThanOrEqual(heightLimit(size));
    for (const row of painted) expect(rowWidth(row)).toBeLessThanOrEqual(columns - 2);
    expect(texts.filter((text) => /^[›↑↓ ] [a-z]/.test(text))).toHaveLength(most);
    expect(texts.filter((text) => text.startsWith("›"))).toEqual([expect.stringMatching(`^› ${name} `)]);
    expect(texts[cursor?.y ?? 0]).toBe("> /");
    state = entered(state, "<down>").state;
  }
});

test("while an answer is decoded the list leaves it a row, and the block line stays", () => {
  const painted = rowsOf(entered(decoding, "/").state);
  expect(painted).toHaveLength(12);
  expect(painted[0]).toMatch(/^a ░/);
  expect(painted[1]).toMatch(/^block 1/);
  expect(painted.filter((text) => /^[›↑↓ ] [a-z]/.test(text))).toHaveLength(7);
});

test("in ASCII a list is ASCII", () => {
  for (const row of rowsOf(entered(idle, "/").state, { columns: 40, rows: 12 }, asciiGlyphs))
    expect(row).toMatch(/^[ -~]*$/);
});

test("where nothing can open above the prompt, nothing does", () => {
  expect(labels(entered({ ...idle, popups: false }, "/").state)).toEqual([]);
});
