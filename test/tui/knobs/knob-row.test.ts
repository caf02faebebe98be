import { expect, test } from "vitest";
import { decodingKnobs, type DecodingSettings } from "../../../src/engine/index.ts";

import { press } from "../../../src/tui/keys/bindings.ts";
import { paste, typed } from "../../../src/tui/keys/prompt.ts";
import { asciiGlyphs, unicodeGlyphs } from "../../../src/tui/paint/glyphs.ts";
import { nextFrame } from "../../../src/tui/paint/frame.ts";
import type { Size } from "../../../src/tui/paint/paint.ts";
import type { ChatState } from "../../../src/tui/store/state.ts";
import { rowText } from "../../../src/tui/text/row.ts";
import { answering, openChat, tokensOf } from "../answers.ts";

const idle = openChat(tokensOf([]));
const script = { texts: ["a", "b", "c", "d", "e"], blockLength: 4, order: [0], confidence: [1] };
const [decoding = idle] = answering(script).slice(3);
const usual: Size = { columns: 80, rows: 24 };

/** Presses keys; "=0.8" types a value. */
function after(state: ChatState, ...names: string[]): ChatState {
  return names.reduce((before, name) => {
    if (!name.startsWith("=")) return press(before, name, 70)?.state ?? before;
    return Array.from(name.slice(1)).reduce((each, text) => typed(each, text).state, before);
  }, state);
}

const picture = (state: ChatState, at = usual, glyphs = unicodeGlyphs) =>
  nextFrame(state, at, glyphs).picture;
const rows = (state: ChatState, at = usual) => picture(state, at).rows.map(rowText);
const last = (state: ChatState, at = usual) => rows(state, at).at(-1) ?? "";

test("Tab on an empty prompt turns the status into the knobs, those that count first, and back", () => {
  const open = after(idle, "tab");
  expect(rows(open)).toHaveLength(rows(idle).length);
  expect(last(open)).toBe("[doubt off] dynamic  block 4  steps block  threshold 0.90  T 0  max 1024 ›");
  expect(rows(open).at(-2)).toBe("> ←→ pick  ↑↓ change  or type a value  p dial: off  esc done");
  for (const key of ["tab", "esc", "enter"]) expect(rows(after(open, key))).toEqual(rows(idle));
  expect(
    after({ ...idle, editor: { ...idle.editor, text: "/se", cursor: 3 } }, "tab").knobRow,
  ).toBeUndefined();
});

test("every knob of the engine can be reached", () => {
  let state = after(idle, "tab");
  const seen = new Set<string>();
  for (const _ of decodingKnobs) {
    seen.add(state.knobRow?.picked ?? "");
    state = after(state, "right");
  }
  expect([...seen].toSorted()).toEqual(decodingKnobs.map(({ key }) => key).toSorted());
});

test("up and down change the picked knob, at once and for the answer being decoded", () => {
  const picked = after(decoding, "tab", "right", "right", "right", "right");
  const turned = press(picked, "down", 70);
  expect(turned?.effects).toEqual([{ type: "adjust", change: { threshold: 0.85 } }]);
  expect(last(turned?.state ?? idle)).toContain("[threshold 0.90→0.85]");
  expect(last(after(picked, "left", "left", "up", "up"))).toContain("[block 4→16*]");
});

test("a typed value is taken by Enter or by going on; one that is none is said and stays", () => {
  const begun = after(idle, "tab", "right", "right", "right", "right", "=0.8");
  expect(last(begun)).toContain("[threshold 0.8]");
  expect(begun.settings.threshold).toBe(0.9);
  for (const key of ["enter", "right", "left"]) expect(after(begun, key).settings.threshold).toBe(0.8);
  expect(after(begun, "backspace", "=75", "enter").settings.threshold).toBe(0.75);
  const wrong = after(begun, "backspace", "backspace", "backspace", "=7", "enter");
  expect(wrong.notice?.text).toContain("threshold must be a number, 0..1");
  expect(wrong.knobRow?.typed).toBe("7");
  expect(after(wrong, "esc", "esc").knobRow).toBeUndefined();
  expect(after(wrong, "esc").settings.threshold).toBe(0.9);
});

test("names are typed by their beginnings", () => {
  expect(after(idle, "tab", "right", "=self", "enter").settings.strategy).toBe("self_speculative");
  expect(after(idle, "tab", "right", "=ent", "enter").settings.strategy).toBe("entropy_bounded");
  expect(
    after(idle, "tab", "right", "right", "right", "=2", "enter", "=b", "enter").settings.denoisingSteps,
  ).toBe("block_length");
});

test("p turns the dial, and turning by hand what it sets switches it off where it stands", () => {
  const stops = ["exact", "careful", "balanced", "fast", "off"];
  const keys = stops.map((_, index) => stops.slice(0, index + 1).map(() => "=p"));
  expect(keys.map((each) => after(idle, "tab", ...each).settings.doubt)).toEqual(stops);
  const on = after(idle, "tab", "=p");
  expect(rows(on).at(-2)).toContain("p dial: exact");
  const turned = after(on, "right", "right", "up");
  expect(turned.settings).toEqual({ ...idle.settings, blockLength: 8 });
});

test("the status row says where the dial stands, and what it has set once an answer runs", () => {
  const settings: DecodingSettings = { ...idle.settings, doubt: "balanced" };
  expect(last({ ...idle, settings })).toMatch(/^auto balanced {2}ctx/);
  const { answer } = decoding;
  if (answer === undefined) throw new Error("nothing is being decoded");
  const chosen: DecodingSettings = { ...settings, strategy: "self_speculative", blockLength: 16 };
  const engine = { ...answer.engine, settings: chosen };
  const running: ChatState = { ...decoding, settings, answer: { ...answer, engine } };
  expect(last(running)).toContain("auto balanced  self-spec  ≥0.30  B16");
  expect(last(running, { columns: 24, rows: 12 })).toContain("auto balanced  B16");
  expect(after(running, "alt+right").settings).toEqual({ ...chosen, doubt: "off", blockLength: 32 });
});

test("the most that may be looked up stays the user's while the dial is on, and can be turned beside it", () => {
  const { answer } = decoding;
  if (answer === undefined) throw new Error("nothing is being decoded");
  const settings: DecodingSettings = { ...idle.settings, doubt: "balanced" };
  const engine = { ...answer.engine, settings: { ...settings, promptLookup: 0 } };
  const running: ChatState = { ...decoding, settings, answer: { ...answer, engine } };
  const keys = Array.from({ length: decodingKnobs.length }, () => "right");
  const picked = keys.reduce(
    (state, key) => (state.knobRow?.picked === "promptLookup" ? state : after(state, key)),
    after(running, "tab"),
  );
  expect(last(picked)).toContain("[lookup 16]");
  expect(last(after(picked, "down"))).toContain("[lookup 15]");
  expect(after(picked, "down").settings).toEqual({ ...settings, promptLookup: 15 });
});

test("the picked knob is on the screen however narrow that is, the cursor behind its value", () => {
  for (const columns of [12, 20, 30, 40, 60, 80, 200]) {
    let state = after(decoding, "tab");
    for (const _ of decodingKnobs) {
      const { rows: shown, cursor } = picture(state, { columns, rows: 8 });
      const text = rowText(shown.at(-1) ?? []);
      expect(cursor?.y).toBe(shown.length - 1);
      expect(cursor?.x).toBeLessThan(columns);
      expect(text).toContain("[");
      expect(columns < 40 || text[cursor?.x ?? 0] === "]").toBe(true);
      state = after(state, "right");
    }
  }
});

test("in a window with room for one row that row has the knobs", () => {
  expect(rows(after(decoding, "tab"), { columns: 40, rows: 3 })).toEqual(["[doubt off] dynamic  block 4 ›"]);
});

test("Ctrl-C forgets what was typed, then closes the row, before it asks whether to leave", () => {
  const typing = after(idle, "tab", "right", "right", "=8");
  const once = after(typing, "ctrl+c");
  expect(once.knobRow?.typed).toBe("");
  const closed = after(once, "ctrl+c");
  expect(closed.knobRow).toBeUndefined();
  expect(closed.quitUntil).toBeUndefined();
});

test("the rest of the keyboard goes on as before, and a paste goes to the prompt", () => {
  const open = after(decoding, "tab");
  expect(press(open, "ctrl+c", 70)?.effects).toEqual([{ type: "stop" }]);
  expect(press(open, "shift+tab", 70)?.state.settings.strategy).toBe("entropy_bounded");
  const pasted = paste(open, "text").state;
  expect(pasted.knobRow).toBeUndefined();
  expect(pasted.editor.text).toBe("text");
});

test("in ASCII the row is ASCII", () => {
  const settings: DecodingSettings = { ...idle.settings, blockLength: 8 };
  const texts = picture(after({ ...decoding, settings }, "tab", "right"), usual, asciiGlyphs).rows.map(
    rowText,
  );
  expect(texts.join("")).toMatch(/^[ -~]*$/);
});

test("what can be no value is the beginning of a message, and goes to the prompt whole", () => {
  const message = after(idle, "tab", "right", "right", "=3 rivers");
  expect(message.knobRow).toBeUndefined();
  expect(message.editor.text).toBe("3 rivers");
  expect(after(idle, "tab", "=Name").editor.text).toBe("Name");
  expect(typed(after(idle, "tab"), "please").state.editor.text).toBe("please");
  expect(after(idle, "tab", "right", "=dyn").knobRow?.typed).toBe("dyn");
  expect(after(idle, "tab", "?").page.length).toBe(1);
});

test("the status row says, where there is room, how much of the prompt was still in the cache", () => {
  const { answer } = decoding;
  if (answer === undefined) throw new Error("nothing is being decoded");
  const rates = { ...answer.engine.rates, passes: 3 };
  const engine = { ...answer.engine, rates, prompt: { tokens: 136, reused: 120 } };
  const running: ChatState = { ...decoding, answer: { ...answer, engine } };
  expect(last(running, { columns: 120, rows: 12 })).toContain("3 passes  120/136 cached  ctx");
  expect(last(running, { columns: 50, rows: 12 })).not.toContain("cached");
});
