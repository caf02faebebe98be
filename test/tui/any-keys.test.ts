import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Turn } from "../../src/chat/index.ts";
import { historyOf } from "../../src/tui/editor/history.ts";
import { bindings, press } from "../../src/tui/keys/bindings.ts";
import { paste, typed } from "../../src/tui/keys/prompt.ts";
import { nextFrame } from "../../src/tui/paint/frame.ts";
import { unicodeGlyphs } from "../../src/tui/paint/glyphs.ts";
import { heightLimit, promptWidth, type Size } from "../../src/tui/paint/paint.ts";
import type { ChatState } from "../../src/tui/store/state.ts";
import { happen } from "../../src/tui/store/update.ts";
import { rowText, rowWidth } from "../../src/tui/text/row.ts";
import { answering, eventsOf, openChat, settingsFor, tokensOf, tokenTexts } from "./answers.ts";

type Stroke = (state: ChatState, width: number) => ChatState;

const keyNames = [...new Set(bindings.flatMap((each) => each.keys))];

const strokes: fc.Arbitrary<Stroke> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...keyNames).map(pressing) },
  { weight: 3, arbitrary: fc.constantFrom("/", "/set ", "@", "a", " ", "日本", "👩‍👩‍👧‍👦", "e\u0301").map(typing) },
  { weight: 1, arbitrary: tokenTexts.map(typing) },
  {
    weight: 1,
    arbitrary: fc.tuple(tokenTexts, fc.integer({ min: 1, max: 40 })).map(
      ([text, times]): Stroke =>
        (state) =>
          paste(state, `${text}\n`.repeat(times)).state,
    ),
  },
  { weight: 1, arbitrary: fc.constant<Stroke>(filled) },
);

function pressing(name: string): Stroke {
  return (state, width) => press(state, name, width)?.state ?? state;
}

function typing(text: string): Stroke {
  return (state) => typed(state, text).state;
}

/** What only means something twice. */
const escTwice: Stroke = (state, width) => pressing("esc")(pressing("esc")(state, width), width);

/** What lists ask for arrives. */
function filled(state: ChatState): ChatState {
  const folder = { path: "", names: ["a.txt", "日本/", "x".repeat(300)], more: 2 };
  const models = { type: "models", names: ["one", "two"], present: "one" } as const;
  return happen(happen(state, { type: "folder", folder }, 1).state, models, 1).state;
}

const script = { texts: ["a", "b", "c", "d"], blockLength: 4, order: [0], confidence: [1] };
const history = historyOf(["one", "two\nlines", "/set threshold 0.9"]);
const plain = openChat(tokensOf(script.texts), { history });
const turn: Turn = {
  user: "hello",
  promptIds: [1],
  reply: { content: "ab", ids: [2, 3], borders: [], end: "stop", settings: settingsFor(4) },
  events: eventsOf(script),
};
const moving: ChatState = { ...plain, turns: [turn, turn], moving: "model" };
const starts = [plain, moving, ...answering(script, "hello", plain)];
const unlisted: ChatState = { ...plain, turns: [turn, turn], popups: false };
const inLines: readonly ChatState[] = [
  { ...unlisted, moving: "model" },
  ...answering(script, "hello", unlisted),
];

const sizes: fc.Arbitrary<Size> = fc.record({
  columns: fc.integer({ min: 12, max: 120 }),
  rows: fc.integer({ min: 3, max: 40 }),
});

test("whatever is pressed, also where the chat goes line by line, nothing is thrown", () => {
  const keys = fc.oneof({ weight: 4, arbitrary: strokes }, { weight: 1, arbitrary: fc.constant(escTwice) });
  fc.assert(
    fc.property(fc.constantFrom(...inLines), fc.array(keys, { maxLength: 40 }), (start, all) => {
      const last = all.reduce((state, stroke) => stroke(state, 80), start);
      expect(last.list).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test("whatever is pressed: the rows fit, the cursor is inside them and between two characters", () => {
  fc.assert(
    fc.property(fc.constantFrom(...starts), fc.array(strokes, { maxLength: 40 }), sizes, (start, all, at) => {
      let state = start;
      for (const stroke of all) {
        state = stroke(state, promptWidth(at));
        const frame = nextFrame(state, at, unicodeGlyphs);
        const { rows, cursor } = frame.picture;
        expect(rows.length).toBeLessThanOrEqual(heightLimit(at));
        for (const row of rows) expect(rowWidth(row)).toBeLessThanOrEqual(at.columns - 2);
        expect(cursor?.y).toBeLessThan(rows.length);
        expect(cursor?.x).toBeLessThan(at.columns);
        expect(rows.map(rowText).join("")).not.toMatch(/[\p{Cc}\uFDD0-\uFDEF]/u);
        state = frame.state;
      }
      const { text, cursor } = state.editor;
      const borders = new Set(Array.from(new Intl.Segmenter().segment(text), ({ index }) => index));
      expect(borders.has(cursor) || cursor === text.length).toBe(true);
    }),
    { numRuns: 150 },
  );
});
