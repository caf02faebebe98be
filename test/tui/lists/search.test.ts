import { expect, test } from "vitest";
import { historyOf } from "../../../src/tui/editor/history.ts";
import { press } from "../../../src/tui/keys/bindings.ts";
import { typed } from "../../../src/tui/keys/prompt.ts";
import { nextFrame } from "../../../src/tui/paint/frame.ts";
import { unicodeGlyphs } from "../../../src/tui/paint/glyphs.ts";
import type { ChatState } from "../../../src/tui/store/state.ts";
import { rowText } from "../../../src/tui/text/row.ts";
import { openChat, tokensOf } from "../answers.ts";

const sent = ["about foxes", "about rivers\nand lakes", "/stats", "why are foxes red?"];
const idle = openChat(tokensOf([]), { history: historyOf(sent) });

function entered(state: ChatState, ...strokes: string[]): ChatState {
  return strokes.reduce((before, stroke) => {
    const key = /^<(.+)>$/.exec(stroke)?.[1];
    const done = key === undefined ? typed(before, stroke) : press(before, key, 70);
    return done?.state ?? before;
  }, state);
}

const rows = (state: ChatState) =>
  nextFrame(state, { columns: 80, rows: 24 }, unicodeGlyphs).picture.rows.map(rowText);
const picked = (state: ChatState) => rows(state).find((row) => row.startsWith("›"));

test("Ctrl-R lists what was sent, the newest next to the prompt, and goes to older ones", () => {
  const open = entered(idle, "<ctrl+r>");
  expect(rows(open).slice(1, 6)).toEqual([
    "history: Ctrl-R or Up older, Enter takes, Esc leaves the prompt as it was",
    "  about foxes",
    "  about rivers and lakes",
    "  /stats",
    "› why are foxes red?",
  ]);
  expect(picked(entered(open, "<ctrl+r>", "<ctrl+r>"))).toBe("› about rivers and lakes");
  expect(picked(entered(open, "<up>", "<down>"))).toBe("› why are foxes red?");
});

test("typing narrows it to messages with all the words, in any order; capitals count where there are any", () => {
  const open = entered(idle, "<ctrl+r>");
  expect(picked(entered(open, "red fox"))).toBe("› why are foxes red?");
  expect(picked(entered(open, "about", "<ctrl+r>"))).toBe("› about foxes");
  expect(rows(entered(open, "Fox")).join("\n")).toContain("no message has these words");
  expect(picked(entered(open, "foxes red?", "<backspace>", "<left>"))).toBe("› why are foxes red?");
});

test("Enter brings the message into the prompt and sends nothing; undo brings back what was there", () => {
  const taken = entered(idle, "half", "<ctrl+a>", "<ctrl+k>", "lak", "<ctrl+r>", "<enter>");
  expect(taken.editor.text).toBe("about rivers\nand lakes");
  expect(taken.search).toBeUndefined();
  expect(taken.page).toEqual([]);
  expect(entered(taken, "<ctrl+_>").editor.text).toBe("lak");
});

test.for([
  ["<esc>", "fox"],
  ["<ctrl+g>", "fox"],
  ["<ctrl+c>", "fox"],
  ["<ctrl+d>", "<ctrl+u>"],
] as const)("%s leaves the prompt as it was, behind %s", ([key, words]) => {
  const draft = entered(idle, "my draft", "<left>");
  const back = entered(draft, "<ctrl+r>", words, key);
  expect(back.editor).toEqual(draft.editor);
  expect(back.search).toBeUndefined();
});

test("Ctrl-D deletes in the words, and the arrows with Alt go through them and turn no knob", () => {
  expect(entered(idle, "<ctrl+r>", "fox", "<ctrl+a>", "<ctrl+d>").editor.text).toBe("ox");
  for (const key of ["alt+left", "alt+right"]) {
    const { state, effects } = press(entered(idle, "<ctrl+r>"), key, 70) ?? { state: idle, effects: [] };
    expect(effects).toEqual([]);
    expect(state).toMatchObject({ settings: idle.settings, search: {} });
  }
});

test("where no list opens Ctrl-R says what there is instead", () => {
  const { notice, search } = entered({ ...idle, popups: false }, "<ctrl+r>");
  expect(search).toBeUndefined();
  expect(notice?.text).toBe("Up and Down go through the messages sent before.");
});

test("a key that means something on an empty prompt is typed into the search", () => {
  expect(entered(idle, "<ctrl+r>", "<?>").editor.text).toBe("?");
  expect(entered(idle, "<ctrl+r>", "/s").page).toEqual([]);
  expect(picked(entered(idle, "<ctrl+r>", "/s"))).toBe("› /stats");
});
