import * as fc from "fast-check";
import { expect, test } from "vitest";
import { attach } from "../../../src/chat/index.ts";
import { chipLabel, labelled, replaceChips } from "../../../src/tui/editor/chips.ts";
import { draftOf, messageOf, shownMessage } from "../../../src/tui/editor/draft.ts";
import { edit } from "../../../src/tui/editor/editor.ts";
import { viewOf } from "../../../src/tui/editor/rows.ts";
import { emptyEditor, type EditorState } from "../../../src/tui/editor/state.ts";
import { mentionsIn, unescaped } from "../../../src/tui/editor/mentions.ts";
import { send } from "../../../src/tui/keys/prompt.ts";
import { openChat, tokensOf } from "../answers.ts";

const long = "line\n".repeat(412);
const pasted = (text: string, state: EditorState = emptyEditor) => edit(state, { type: "paste", text });
const typed = (state: EditorState, text: string) => edit(state, { type: "insert", text });
const plain = (text: string) => text.replaceAll("\u00A0", " ");
const shown = (state: EditorState) => plain(viewOf(state, 60, 5).rows.join("\n"));

test.for([
  ["x".repeat(500), false],
  ["x".repeat(501), true],
  ["1\n2\n3\n4\n5", false],
  ["1\n2\n3\n4\n5\n", false],
  ["1\n2\n3\n4\n5\n6", true],
] as const)("five lines and 500 characters stay, more becomes a chip: %j", ([text, isChip]) => {
  expect(pasted(text).text).toHaveLength(isChip ? 1 : text.length);
});

test("a chip says how much it stands for", () => {
  expect(shown(typed(pasted(long, typed(emptyEditor, "see ")), " please"))).toBe(
    "see [pasted 412 lines, 2 kB] please",
  );
  expect(plain(chipLabel("é".repeat(600)))).toBe("[pasted 1 line, 1 kB]");
});

test("a chip is one character to the cursor, to deletion and to undo", () => {
  const state = typed(pasted(long, typed(emptyEditor, "a")), "b");
  const behind = edit(state, { type: "left" });
  expect(behind.cursor).toBe(2);
  expect(edit(behind, { type: "left" }).cursor).toBe(1);
  const without = edit(behind, { type: "backspace" });
  expect(without.text).toBe("ab");
  expect(shown(edit(without, { type: "undo" }))).toBe("a[pasted 412 lines, 2 kB]b");
  const cut = edit(edit(behind, { type: "home" }), { type: "killToEnd" });
  expect(shown(edit(cut, { type: "yank" }))).toBe("a[pasted 412 lines, 2 kB]b");
});

test("expanding a chip puts its text there, in one step that undo takes back", () => {
  const state = typed(pasted(long), "!");
  expect(edit(state, { type: "expand" })).toBe(state);
  const expanded = edit(edit(state, { type: "left" }), { type: "expand" });
  expect(expanded.text).toBe(`${long}!`);
  expect(shown(edit(expanded, { type: "undo" }))).toBe("[pasted 412 lines, 2 kB]!");
});

test("up and down pass a chip that takes several rows", () => {
  const state = typed(pasted(long, typed(emptyEditor, "above\n")), "\nbelow");
  let at = state;
  const seen = [at.cursor];
  for (let row = 0; row < 5; row++) {
    at = edit(at, { type: "up", width: 8 });
    seen.push(at.cursor);
  }
  expect(at.cursor).toBeLessThanOrEqual("above".length);
  expect(seen.toSorted((a, b) => b - a)).toEqual(seen);
});

test("more pastes than there are chips stay in the prompt as they are", () => {
  let state = emptyEditor;
  for (let time = 0; time < 34; time++) state = pasted(long, state);
  expect(replaceChips(state, (text) => text)).toBe(long.repeat(34));
});

test("no text from outside is a chip, or anything else that has no place in a row", () => {
  const state = pasted(long);
  expect(typed(state, "\uFDD0").text).toBe(state.text);
  expect(edit(state, { type: "replace", text: "\uFDD0x" }).text).toBe("x");
  expect(pasted("a\uFDD0b").text).toBe("ab");
  expect(typed(emptyEditor, "a\u2028b\u200B").text).toBe("ab");
  expect([typed(state, "\u200B"), pasted("\u2028", state)]).toEqual([state, state]);
});

const parts = fc.array(
  fc.oneof(
    fc.record({
      paste: fc.constant(true),
      text: fc.constantFrom(long, "x".repeat(600), "@日.本\n".repeat(9)),
    }),
    fc.record({ paste: fc.constant(false), text: fc.constantFrom("@a.b", " @a.b ", "\\@c.d", ' @"e f') }),
    fc.record({ paste: fc.constant(false), text: fc.string({ unit: "grapheme", maxLength: 9 }) }),
  ),
  { maxLength: 8 },
);

const written = (all: readonly { paste: boolean; text: string }[]) =>
  all.reduce((state, { paste, text }) => (paste ? pasted(text, state) : typed(state, text)), emptyEditor);

test("a message comes back to the prompt as it was written", () => {
  fc.assert(
    fc.property(parts, (all) => {
      const state = written(all);
      const message = messageOf(state);
      const back = edit(pasted(long), { type: "restore", draft: (chips) => draftOf(message, chips) });
      expect(messageOf(back)).toEqual(message);
      const text = unescaped(state.text.trim());
      expect(shownMessage(message)).toBe(labelled({ ...state, text }).text);
    }),
  );
});

test("the history gives a message back as it was sent, and no file that it did not name", () => {
  fc.assert(
    fc.property(parts, (all) => {
      const editor = written(all);
      const [kept = ""] = send({ ...openChat(tokensOf([])), editor }).state.history.entries;
      expect(messageOf({ text: kept, chips: [] }).text).toBe(messageOf(editor).text.trim());
      const named = mentionsIn(editor.text).files;
      expect(mentionsIn(kept).files.filter((name) => !named.includes(name))).toEqual([]);
    }),
  );
});

test("a message with a file names that file alone when it comes back", () => {
  const message = attach({ text: "see @a.txt and @types/node", inserts: [] }, [{ name: "a.txt", text: "x" }]);
  expect(draftOf(message).text).toBe("see @a.txt and \\@types/node");
});

test("a word behind an @ comes back without a backslash", () => {
  expect(draftOf({ text: '@alice, see @"my notes"', inserts: [] }).text).toBe('@alice, see \\@"my notes"');
});

test("places in what is shown lead back to the characters they show", () => {
  fc.assert(
    fc.property(parts, (all) => {
      const state = written(all);
      for (let cursor = 0; cursor <= state.text.length; cursor++) {
        const view = labelled({ ...state, cursor });
        expect(view.origin(view.cursor, 1)).toBe(cursor);
        expect(view.origin(view.cursor, -1)).toBe(cursor);
      }
    }),
  );
});
