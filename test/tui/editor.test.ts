import * as fc from "fast-check";
import { expect, test } from "vitest";
import { edit, type EditorAction } from "../../src/tui/editor/editor.ts";
import { viewOf } from "../../src/tui/editor/rows.ts";
import { emptyEditor, type EditorState } from "../../src/tui/editor/state.ts";
import { cells } from "../../src/tui/text/graphemes.ts";
import { tokenTexts } from "./answers.ts";
import { replaceChips } from "../../src/tui/editor/chips.ts";

const typed = (text: string): EditorState =>
  Array.from(text).reduce((state, each) => edit(state, { type: "insert", text: each }), emptyEditor);

const after = (state: EditorState, ...types: SimpleType[]) =>
  types.reduce((before, type) => edit(before, { type }), state);

type SimpleType = Exclude<
  EditorAction["type"],
  "insert" | "replace" | "restore" | "paste" | "splice" | "up" | "down"
>;

/** The text with the cursor as "|". */
const drawn = ({ text, cursor }: EditorState) => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

test("the cursor and deletion go by what a reader takes for a character", () => {
  const family = typed("a👩‍👩‍👧‍👦e\u0301");
  expect(drawn(after(family, "left"))).toBe("a👩‍👩‍👧‍👦|e\u0301");
  expect(drawn(after(family, "left", "backspace"))).toBe("a|e\u0301");
  expect(drawn(after(family, "home", "right", "delete"))).toBe("a|e\u0301");
});

test("words are letters and digits for Alt, what stands between spaces for Ctrl-W", () => {
  const line = typed("see foo-bar.ts über_2 ");
  expect(drawn(after(line, "wordLeft"))).toBe("see foo-bar.ts |über_2 ");
  expect(drawn(after(line, "wordLeft", "wordLeft", "wordLeft"))).toBe("see foo-|bar.ts über_2 ");
  expect(drawn(after(line, "home", "wordRight", "wordRight"))).toBe("see foo|-bar.ts über_2 ");
  expect(after(line, "killSpacedWordLeft", "killSpacedWordLeft").text).toBe("see ");
});

test("kills in a row come back as one", () => {
  const killed = after(typed("one two three"), "killSpacedWordLeft", "killSpacedWordLeft");
  expect(drawn(after(killed, "yank"))).toBe("one two three|");
  expect(after(after(typed("one two"), "killWordLeft", "left", "killWordLeft"), "yank").text).toBe("one ");
});

test("lines are cut to their ends, and at an end the line feed goes", () => {
  const lines = after(typed("ab\ncd"), "left", "left", "left");
  expect(drawn(lines)).toBe("ab|\ncd");
  expect(drawn(after(lines, "killToEnd"))).toBe("ab|cd");
  expect(drawn(after(typed("ab\ncd"), "killToStart"))).toBe("ab\n|");
  expect(drawn(after(typed("ab\ncd"), "home"))).toBe("ab\n|cd");
});

test("undo takes back a word of typing, or one change", () => {
  expect(after(typed("one two three"), "undo").text).toBe("one two");
  expect(after(typed("one two"), "undo", "undo").text).toBe("");
  expect(drawn(after(typed("one two"), "killToStart", "undo"))).toBe("one two|");
});

test("up and down keep their column over shorter lines", () => {
  const up: EditorAction = { type: "up", width: 20 };
  const lines = typed("a long line\nab\nanother long one");
  const once = edit(lines, up);
  expect(drawn(once)).toBe("a long line\nab|\nanother long one");
  expect(drawn(edit(once, up))).toBe("a long line|\nab\nanother long one");
  expect(drawn(edit(edit(once, up), { type: "down", width: 20 }))).toBe("a long line\nab|\nanother long one");
});

test("up and down go through the rows of a wrapped line", () => {
  const wrapped = typed("one two three four");
  expect(drawn(edit(wrapped, { type: "up", width: 10 }))).toBe("one two| three four");
});

test("a prompt higher than its room is scrolled to the cursor, and says so", () => {
  const many = typed("1\n2\n3\n4\n5\n6\n7\n8");
  expect(viewOf(many, 10, 3)).toMatchObject({
    rows: ["6", "7", "8"],
    more: { above: true, below: false },
  });
  const top = Array.from({ length: 7 }).reduce<EditorState>(
    (state) => edit(state, { type: "up", width: 10 }),
    many,
  );
  expect(viewOf(top, 10, 3)).toMatchObject({ rows: ["1", "2", "3"], cursor: { row: 0, column: 1 } });
});

test("a megabyte in the prompt is laid out where the cursor is", () => {
  const big = edit(emptyEditor, { type: "insert", text: "word ".repeat(200_000) });
  expect(viewOf(big, 70, 5).rows).toHaveLength(5);
});

const actions: fc.Arbitrary<EditorAction> = fc.oneof(
  {
    weight: 3,
    arbitrary: tokenTexts.map((text) => ({ type: "insert" as const, text })),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom<SimpleType>(
        "left",
        "right",
        "wordLeft",
        "wordRight",
        "home",
        "end",
        "backspace",
        "delete",
        "killToEnd",
        "killToStart",
        "killWordLeft",
        "killSpacedWordLeft",
        "killWordRight",
        "yank",
        "undo",
        "expand",
      )
      .map((type) => ({ type })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(tokenTexts, fc.integer({ min: 1, max: 60 }))
      .map(([text, times]) => ({ type: "paste" as const, text: `${text}\n`.repeat(times) })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom("up" as const, "down" as const),
      width: fc.integer({ min: 4, max: 40 }),
    }),
  },
);

test("after any keys the cursor stands between two characters, and inside the rows shown", () => {
  fc.assert(
    fc.property(
      fc.array(actions, { maxLength: 40 }),
      fc.integer({ min: 4, max: 60 }),
      fc.integer({ min: 1, max: 5 }),
      (keys, width, height) => {
        const state = keys.reduce(edit, emptyEditor);
        const borders = new Set(Array.from(new Intl.Segmenter().segment(state.text), ({ index }) => index));
        expect(borders.has(state.cursor) || state.cursor === state.text.length).toBe(true);
        const view = viewOf(state, width, height);
        expect(view.rows.length).toBeGreaterThanOrEqual(1);
        expect(view.rows.length).toBeLessThanOrEqual(height);
        expect(view.cursor.row).toBeLessThan(view.rows.length);
        expect(view.cursor.column).toBeLessThanOrEqual(width);
        for (const row of view.rows) expect(cells(row)).toBeLessThanOrEqual(width);
      },
    ),
  );
});

const expanded = (state: EditorState) => replaceChips(state, (pasted) => pasted);

test("undo after any key brings back the text that there was, chips and all", () => {
  fc.assert(
    fc.property(fc.array(actions, { maxLength: 30 }), actions, (keys, last) => {
      fc.pre(last.type !== "undo" && last.type !== "insert");
      const before = keys.reduce(edit, emptyEditor);
      const later = edit(before, last);
      fc.pre(later.text !== before.text);
      const undone = edit(later, { type: "undo" });
      expect(undone.text).toBe(before.text);
      expect(undone.cursor).toBe(before.cursor);
      expect(expanded(undone)).toBe(expanded(before));
    }),
  );
});

test("undo leads back to every text there was", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 6 }), { minLength: 1, maxLength: 20 }), (texts) => {
      let state = emptyEditor;
      for (const text of texts) state = edit(edit(state, { type: "replace", text }), { type: "left" });
      for (const text of texts.toReversed()) {
        expect(state.text).toBe(text);
        state = edit(state, { type: "undo" });
      }
      expect(state.text).toBe("");
    }),
  );
});
