import { PassThrough } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { edit, type EditorAction } from "../../src/tui/editor/editor.ts";
import { emptyEditor } from "../../src/tui/editor/state.ts";
import { KeyReader } from "../../src/tui/lines/key-reader.ts";
import { echo, wholePrompt, type Typed } from "../../src/tui/lines/typing.ts";
import { strokesOf } from "../../src/tui/keys/key-name.ts";
import { FakeScreen } from "../real/pseudo-terminal.ts";

const mark = "You: ";
const squeezed = (text: string) => text.replaceAll(/\s/g, "");

const simple = [
  "left",
  "right",
  "wordLeft",
  "home",
  "end",
  "backspace",
  "backspace",
  "delete",
  "killToEnd",
  "killToStart",
  "killSpacedWordLeft",
  "undo",
] as const;

const actions: fc.Arbitrary<EditorAction> = fc.oneof(
  fc.record({
    type: fc.constant("insert" as const),
    text: fc.constantFrom(
      "a",
      "b",
      " ",
      "two words",
      "\n",
      "日本",
      "a long stretch of text that takes a row",
    ),
  }),
  fc.constantFrom(...simple).map((type) => ({ type })),
  fc.record({
    type: fc.constant("replace" as const),
    text: fc.constantFrom("", "an earlier message", "x\ny"),
  }),
);

test("whatever is typed, the terminal shows it under the last mark, and the cursor is where it is said to be", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(actions, { maxLength: 25 }),
      fc.integer({ min: 12, max: 40 }),
      async (all, columns) => {
        const screen = new FakeScreen(columns, 40);
        screen.terminal.options.convertEol = true;
        const place = { mark: mark.length, columns };
        let state = emptyEditor;
        let shown: Typed | undefined;
        for (const action of all) {
          state = edit(state, action);
          const changed = shown && echo(shown, state, place);
          const { output, typed } = changed ?? wholePrompt(state, place);
          await screen.write(
            changed === undefined ? `${shown === undefined ? "" : "\n"}${mark}${output}` : output,
          );
          shown = typed;
          const last = screen.page().split(mark.trim()).at(-1) ?? "";
          expect(squeezed(last)).toBe(squeezed(state.text));
          const before = `${mark}${typed.text.slice(0, typed.cursor)}`.split("\n").at(-1) ?? "";
          const { cursorX } = screen.terminal.buffer.active;
          // A wide character does not stand across the border of two rows, and a full row still has the cursor.
          const column = /[日本]/.test(typed.text) ? cursorX : before.length;
          expect(cursorX % columns).toBe(column % columns);
          expect(output).not.toContain("\u001B");
        }
      },
    ),
    { numRuns: 200 },
  );
});

test("an edit within a row is shown without writing the prompt anew", () => {
  const place = { mark: mark.length, columns: 80 };
  const edits = (from: string, at: number, to: string, then: number) =>
    echo({ text: from, cursor: at }, { text: to, cursor: then }, place)?.output;
  expect(edits("ab", 2, "abc", 3)).toBe("c");
  expect(edits("abc", 3, "ab", 2)).toBe("\b \b");
  expect(edits("abc", 3, "abc", 1)).toBe("\b\b");
  expect(edits("abc", 1, "abc", 2)).toBe("b");
  expect(edits("abc", 1, "xabc", 1)).toBe("\bxabc\b\b\b");
  expect(edits("ab\n", 3, "ab", 2)).toBeUndefined();
});

test.for([
  ["text and Enter at once", ["hello\r"], ["hello", "enter"]],
  ["a paste without brackets", ["one\rtwo\n"], ["one", "ctrl+j", "two", "ctrl+j"]],
  ["arrows and modified arrows", ["\u001B[A", "\u001B[1;3A", "\u001B[Z"], ["up", "alt+up", "shift+tab"]],
  ["Esc alone", ["\u001B"], ["esc"]],
  ["two Escs at once", ["\u001B\u001B"], ["esc", "esc"]],
  ["Alt and a letter", ["\u001Bb"], ["alt+b"]],
  ["control keys", ["\u0003", "\u0015", "\u007F", "\t"], ["ctrl+c", "ctrl+u", "backspace", "tab"]],
  ["a sequence that comes in two", ["\u001B", "[D"], ["left"]],
  ["letters of other scripts", ["日本"], ["日本"]],
] as const)("the keyboard without Ink reads %s", async ([, chunks, wanted]) => {
  const input = new PassThrough();
  const read: string[] = [];
  const keyboard = new KeyReader(input, (text, key) => {
    for (const stroke of strokesOf(text, key)) read.push(stroke.kind === "key" ? stroke.name : stroke.text);
  });
  keyboard.open();
  for (const chunk of chunks) {
    input.write(chunk);
    await delay(5);
  }
  await delay(100);
  keyboard.close();
  expect(read).toEqual(wanted);
});
