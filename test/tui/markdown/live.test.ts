import * as fc from "fast-check";
import { expect, test } from "vitest";
import { runCommand } from "../../../src/tui/commands/run.ts";
import { chooseDisplay } from "../../../src/tui/display.ts";
import { loadHighlight } from "../../../src/tui/markdown/highlight.ts";
import { wantsColors } from "../../../src/tui/markdown/wanted.ts";
import { nextFrame, type Frame } from "../../../src/tui/paint/frame.ts";
import { asciiGlyphs, unicodeGlyphs } from "../../../src/tui/paint/glyphs.ts";
import { heightLimit, type Size } from "../../../src/tui/paint/paint.ts";
import { paintRow, paletteFor } from "../../../src/tui/paint/palette.ts";
import { submit } from "../../../src/tui/store/sending.ts";
import type { ChatState } from "../../../src/tui/store/state.ts";
import { happen } from "../../../src/tui/store/update.ts";
import { rowText, rowWidth } from "../../../src/tui/text/row.ts";
import { answering, eventsOf, openChat, tokensOf, type Script } from "../answers.ts";
import { markdownParts, painted, read, reading, readInParts } from "./markdowns.ts";

const size: Size = { columns: 60, rows: 24 };

const scriptOf = (texts: readonly string[], blockLength = 4): Script => ({
  texts,
  blockLength,
  order: [1, 0],
  confidence: [0.99, 0.7],
});

const opened = (texts: readonly string[], changes: Partial<ChatState> = {}) =>
  openChat(tokensOf(texts), { reading, ...changes });

/** The chat as the screen sees it: a frame after every event, each going on from the one before. */
function filmed(
  script: Script,
  at = size,
  glyphs = unicodeGlyphs,
  changes: Partial<ChatState> = {},
): Frame[] {
  let { state } = submit(opened(script.texts, changes), "question");
  return eventsOf(script).map((event, now) => {
    const frame = nextFrame(happen(state, { type: "event", event }, now).state, at, glyphs);
    state = frame.state;
    return frame;
  });
}

const firstRows = (frames: readonly Frame[]) => frames.map(({ picture }) => rowText(picture.rows[0] ?? []));

test("emphasis shows before it closes, and masks stay slots in it", () => {
  const rows = firstRows(filmed(scriptOf(["a", " **", "bold", " word", "**", " end"])));
  expect(rows).toContain("a bold word ░░░ ░░░ ░░░");
  expect(rows).toContain("a bold word");
  expect(rows.filter((row) => row.includes("**"))).toEqual([]);
});

test("doubt shows in what Markdown made of a text", () => {
  const [row = []] = answering(scriptOf(["**", "bold", "**", " x"]), "q", opened(["**", "bold", "**", " x"]))
    .slice(5, 6)
    .map((state) => nextFrame(state, size, unicodeGlyphs).picture.rows[0] ?? []);
  expect(paintRow(row, paletteFor("16", "dark"))).toContain("\u001B[1;33mbold\u001B[0m");
});

test("nothing moves up when a fence closes", () => {
  const frames = filmed(scriptOf(["```", "js", "\n", "let x", " = 1;", "\n", "```", "\n", "so"], 1));
  expect(frames.flatMap(({ lines }) => lines.map(rowText)).slice(2)).toEqual([
    "─── js",
    "let x = 1;",
    "───",
    "so",
  ]);
  let gone = 0;
  const ends = frames.flatMap(({ lines, picture }) => {
    gone += lines.length;
    const last = picture.rows.map(rowText).findIndex((row) => row.startsWith("block"));
    return last === -1 ? [] : [gone + last];
  });
  expect(ends.length).toBeGreaterThan(10);
  expect(ends).toEqual(ends.toSorted((a, b) => a - b));
});

test("the drawings of Markdown are ASCII where all drawings are", () => {
  const texts = ["- a\n", "> b\n", "---\n", "| a | b |\n|-|-|\n", "| c | d |\n", "```\nx\n```"];
  const frames = filmed(scriptOf(texts), size, asciiGlyphs);
  const shown = frames.flatMap(({ lines, picture }) => lines.concat(picture.rows)).map(rowText);
  expect(shown.join("")).toMatch(/^[ -~]*$/);
  expect(shown).toContain("a | b");
});

test("what goes to the page is what the whole answer reads as", () => {
  fc.assert(
    fc.property(
      markdownParts,
      fc.constantFrom(1, 4, 16),
      fc.integer({ min: 12, max: 100 }),
      (texts, block, columns) => {
        fc.pre(texts.length > 0 && !texts.some((text) => /[^ -~\n]/.test(text)));
        const at = { columns, rows: 20 };
        const frames = filmed(scriptOf(texts, block), at);
        const lines = frames.flatMap((frame) => frame.lines.map(rowText)).slice(2);
        expect(lines).toEqual(read(texts.join(""), columns - 2).map(rowText));
        for (const { picture } of frames) {
          expect(picture.rows.length).toBeLessThanOrEqual(heightLimit(at));
          for (const row of picture.rows) expect(rowWidth(row)).toBeLessThanOrEqual(columns - 2);
        }
      },
    ),
  );
});

test("code has the colours of its language, line by line, across lines too", async () => {
  const highlight = await loadHighlight();
  const code = '```python\ndef f():\n    """long\n    text"""\n    return 1 # why\n```\n';
  const rows = read(code, 60, { highlight });
  const forms = rows.map((row) => row.flatMap((each) => each.forms ?? []));
  expect(forms[1]).toEqual(["keyword", "name"]);
  expect(forms.slice(2, 4)).toEqual([["string"], ["string"]]);
  expect(forms[4]).toEqual(["keyword", "number", "comment"]);
  expect(rows.map(rowText)).toEqual(read(code, 60).map(rowText));
  expect(painted(readInParts(Array.from(code), 60, { highlight }))).toEqual(painted(rows));
});

test("colours are asked for at the first fence, and only where there are colours", () => {
  const withFence = answering(
    scriptOf(["```js\n", "x", "y", "z", "w"]),
    "q",
    opened(["```js\n", "x", "y", "z", "w"]),
  );
  const state = withFence.at(-2) ?? opened([]);
  expect(wantsColors(state)).toBe(true);
  expect(wantsColors({ ...state, reading: { ...reading, color: false } })).toBe(false);
  expect(wantsColors(opened([]))).toBe(false);
});

test("/wrap turns where prose breaks", () => {
  const state = opened([]);
  expect(runCommand(state, "/wrap").state.reading.wrap).toBe("terminal");
  expect(runCommand(state, "/wrap words").state.reading.wrap).toBe("words");
  expect(runCommand(state, "/wrap x").state.notice?.text).toContain("words or terminal");
});

test("Markdown is read unless a person asks for the text as it comes, or the terminal has no attributes", () => {
  expect(chooseDisplay({ TERM: "xterm" }, 24).markdown).toBe(true);
  expect(chooseDisplay({ TERM: "xterm" }, 24, { markdown: false }).markdown).toBe(false);
  expect(chooseDisplay({ TERM: "dumb" }, 24).markdown).toBe(false);
});
