import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodingKnobs, type EngineEvent } from "../../src/engine/index.ts";
import { plainMessage } from "../../src/chat/index.ts";
import { edit } from "../../src/tui/editor/editor.ts";
import { asciiGlyphs, unicodeGlyphs } from "../../src/tui/paint/glyphs.ts";
import { nextFrame, type Frame } from "../../src/tui/paint/frame.ts";
import { paintRow, paletteFor } from "../../src/tui/paint/palette.ts";
import { heightLimit, paint, type Size } from "../../src/tui/paint/paint.ts";
import { inspectorHeight } from "../../src/tui/inspect/rows.ts";
import { immediatePace } from "../../src/tui/pacing.ts";
import { heats } from "../../src/tui/store/heat.ts";
import { notify } from "../../src/tui/store/notices.ts";
import { submit } from "../../src/tui/store/sending.ts";
import type { ChatState } from "../../src/tui/store/state.ts";
import { happen } from "../../src/tui/store/update.ts";
import { sanitize } from "../../src/tui/text/sanitize.ts";
import { rowText, rowWidth } from "../../src/tui/text/row.ts";
import {
  answering,
  eventsOf,
  openChat,
  scripts,
  settingsFor,
  tokensOf,
  tokenTexts,
  type Script,
} from "./answers.ts";

const size: Size = { columns: 80, rows: 24 };

const rowsOf = (state: ChatState, at = size, glyphs = unicodeGlyphs) =>
  nextFrame(state, at, glyphs).picture.rows.map(rowText);

const script: Script = {
  texts: ["The", " sky", " is", " blue", " today", "."],
  blockLength: 4,
  order: [1, 0, 1, 0],
  confidence: [0.99, 0.7, 0.5, 0.3],
};

const states = answering(script, "why?");

test("an idle chat shows a rule, an inviting prompt and the status", () => {
  expect(rowsOf(openChat(tokensOf([])))).toEqual([
    "",
    "─".repeat(40),
    "> message, or ? for help",
    "dynamic  ≥0.90  B4  ctx 0%",
  ]);
});

test("masks stand inside the sentence and words come in their places", () => {
  const sentences = states.slice(2, 7).map((state) => rowsOf(state)[0]);
  expect(sentences).toEqual([
    "░░░ ░░░ ░░░ ░░░",
    "░░░ sky ░░░ ░░░",
    "The sky ░░░ ░░░",
    "The sky ░░░ blue",
    "The sky is blue",
  ]);
});

test("a guess that waits for its check stands dim in its place", () => {
  const opened: EngineEvent = {
    type: "block_opened",
    block: 0,
    start: 10,
    ids: [1, 1, 1],
    drafts: [
      { token: 2, probability: 0.9 },
      { token: 3, probability: 0.8 },
    ],
    settings: { ...settingsFor(4), strategy: "self_speculative" },
  };
  const asked = states[1] ?? openChat(tokensOf([]));
  const { state } = happen(asked, { type: "event", event: opened }, 9);
  const [row = []] = nextFrame(state, size, unicodeGlyphs).picture.rows;
  expect(rowText(row)).toBe("The sky ░░░");
  expect(row.filter((each) => each.style === "dim").map((each) => each.text)).toEqual(["The", " sky"]);
});

test("the block line has a cell a slot, as high as its token was sure", () => {
  expect(rowsOf(states[4] ?? openChat(tokensOf([])))[1]).toBe(
    "block 1  [█▆··]  step 2   2 tokens  ▂▂  esc stops",
  );
});

test("doubt shows in colour, and by form where there is none", () => {
  const [sentence = []] = nextFrame(states[6] ?? openChat(tokensOf([])), size, unicodeGlyphs).picture.rows;
  expect(paintRow(sentence, paletteFor("16", "unknown"))).toBe(
    "The \u001B[33msky\u001B[0m \u001B[35mis\u001B[0m \u001B[31mblue\u001B[0m",
  );
  expect(paintRow(sentence, paletteFor("mono", "dark"))).toBe(
    "The \u001B[4msky\u001B[0m \u001B[4;1mis\u001B[0m \u001B[7mblue\u001B[0m",
  );
  expect(paintRow(sentence, paletteFor("none", "dark"))).toBe("The sky is blue");
});

test("a finished answer is ordinary text on the page, and nothing of it is left below", () => {
  const [last = openChat(tokensOf([]))] = states.slice(-1);
  const { lines, picture } = nextFrame(last, size, unicodeGlyphs);
  expect(lines.map(rowText)).toEqual([" ", "> why?", "The sky is blue today."]);
  expect(lines.at(-1)?.every((each) => each.style === "text")).toBe(true);
  expect(picture.rows.map(rowText).join("\n")).not.toContain("sky");
});

test("a turned knob shows what is and what will be", () => {
  const state = states[4] ?? openChat(tokensOf([]));
  const turned = { ...state, settings: { ...state.settings, blockLength: 16, threshold: 0.8 } };
  expect(rowsOf(turned).at(-1)).toContain("≥0.90→0.80  B4→16");
});

test("without motion text comes by blocks and no mask is shown", () => {
  const still = answering(
    script,
    "why?",
    openChat(tokensOf(script.texts), { view: { pace: { stay: 0, lag: 0 }, motion: false } }),
  );
  const texts = still.map((state) => rowsOf(state).join("\n"));
  expect(texts.filter((text) => text.includes("░"))).toEqual([]);
  expect(texts.some((text) => text.includes("The sky is blue\n"))).toBe(true);
});

test("messages that wait are shown, and how many more there are", () => {
  const queue = ["one", "two\nlines", "three", "four", "five"].map((text) => ({
    message: plainMessage(text),
    files: [],
  }));
  const state = { ...(states[4] ?? openChat(tokensOf([]))), queue };
  expect(rowsOf(state).slice(1, 4)).toEqual(["next: one", "next: two lines", "next: three  and 2 more"]);
  expect(rowsOf(notify(state, "a sentence", "dim")).slice(1, 3)).toEqual([
    "next: one  and 4 more",
    "a sentence",
  ]);
});

test("in ASCII everything drawn is ASCII", () => {
  for (const state of states) expect(rowsOf(state, size, asciiGlyphs).join("")).toMatch(/^[ -~]*$/);
});

test("a window too small says so, one that is just large enough has text and prompt", () => {
  expect(rowsOf(openChat(tokensOf([])), { columns: 11, rows: 24 })).toEqual(["too small"]);
  const low = rowsOf(states[4] ?? openChat(tokensOf([])), { columns: 30, rows: 5 });
  expect(low).toEqual(["The sky ░░░ ░░░", "> message, or ? for help", "≥0.90  B4  1000 tok/s"]);
});

const sizes: fc.Arbitrary<Size> = fc.record({
  columns: fc.integer({ min: 12, max: 200 }),
  rows: fc.integer({ min: 3, max: 60 }),
});

/** A chat somewhere in an answer, with something in the prompt, the queue and above it. */
const chats: fc.Arbitrary<ChatState> = fc
  .tuple(
    scripts,
    fc.nat(),
    fc.array(tokenTexts, { maxLength: 12 }),
    fc.array(tokenTexts, { maxLength: 3 }),
    tokenTexts,
    fc.record({
      heat: fc.constantFrom(...heats),
      motion: fc.boolean(),
      inspecting: fc.option(fc.record({ slot: fc.nat(20) }), { nil: undefined }),
      knobRow: fc.option(
        fc.record({
          picked: fc.constantFrom(...decodingKnobs.map(({ key }) => key)),
          typed: fc.constantFrom("", "0", "0.125", "self_speculative"),
        }),
        { nil: undefined },
      ),
    }),
  )
  .map(([each, moment, prompt, queue, notice, { motion, heat, inspecting, knobRow }]) => {
    const open = openChat(tokensOf(each.texts), {
      heat,
      view: { pace: immediatePace, motion },
      ...(inspecting && { inspecting }),
      ...(knobRow && { knobRow }),
    });
    const all = answering(each, "question", open);
    const state = all[moment % all.length] ?? openChat(tokensOf([]));
    const editor = edit(state.editor, { type: "insert", text: prompt.join("") });
    const queued = queue.map((text) => ({ message: plainMessage(text), files: [] }));
    return notify({ ...state, editor, queue: queued }, notice, "dim");
  });

test("whatever the state and the size: rows fit, the cursor is in the prompt, one row is the status", () => {
  fc.assert(
    fc.property(chats, sizes, (state, at) => {
      const { rows, cursor } = nextFrame(state, at, unicodeGlyphs).picture;
      expect(rows.length).toBeLessThanOrEqual(heightLimit(at, inspectorHeight(state, at.columns - 2)));
      expect(rows.length).toBeLessThanOrEqual(Math.max(1, at.rows - 2));
      for (const row of rows) expect(rowWidth(row)).toBeLessThanOrEqual(at.columns - 2);
      expect(cursor?.y).toBeLessThan(rows.length);
      expect(cursor?.x).toBeLessThan(at.columns);
      const texts = rows.map(rowText);
      const row = state.knobRow === undefined ? /^(?:dynamic {2})?≥0\.90 {2}B\d/ : /^(?:[ ‹].*)?\[.*[\]›]|\[/;
      const statuses = texts.slice(-1).filter((text) => row.test(text)).length;
      expect(statuses === 1 || (statuses === 0 && at.rows < 5)).toBe(true);
      expect(texts.slice(0, -1).filter((text) => /^(?:dynamic {2})?≥0\.90 {2}B\d/.test(text))).toEqual([]);
      expect(texts.join("")).not.toMatch(/\p{Cc}/u);
    }),
  );
});

test("drawing twice is drawing once", () => {
  fc.assert(
    fc.property(chats, sizes, (state, at) => {
      const first = nextFrame(state, at, unicodeGlyphs);
      const second = nextFrame(first.state, at, unicodeGlyphs);
      expect(second.lines).toEqual([]);
      expect(second.picture).toEqual(first.picture);
      expect(paint(second.state, at, unicodeGlyphs)).toEqual(first.picture);
    }),
  );
});

/** The chat as the screen sees it: a frame after every event, each going on from the one before. */
function filmed(each: Script, at: Size): Frame[] {
  let state = submit(openChat(tokensOf(each.texts)), "question").state;
  return eventsOf(each).map((event, now) => {
    const frame = nextFrame(happen(state, { type: "event", event }, now).state, at, unicodeGlyphs);
    state = frame.state;
    return frame;
  });
}

test("the prompt never moves up but by rows that went to the page", () => {
  fc.assert(
    fc.property(scripts, sizes, (each, at) => {
      const frames = filmed(each, at);
      const gone = ({ lines }: Frame) =>
        lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(rowWidth(line) / at.columns)), 0);
      const moves = frames.slice(1).map((frame, index) => {
        const before = frames[index]?.picture.rows.length ?? 0;
        return frame.picture.rows.length + gone(frame) - before;
      });
      expect(Math.min(0, ...moves)).toBe(0);
    }),
  );
});

test("frame by frame the whole answer reaches the page, once", () => {
  fc.assert(
    fc.property(scripts, sizes, (each, at) => {
      const lines = filmed(each, at).flatMap((frame) => frame.lines.map(rowText));
      const page = lines.slice(2).join("").replaceAll(/\s/g, "");
      fc.pre(!each.texts.some((text) => /^(?:\p{M}|\u200D|\p{RI}|\p{Emoji_Modifier})/u.test(text)));
      expect(page).toBe(sanitize(each.texts.join("")).replaceAll(/\s/g, ""));
    }),
  );
});
