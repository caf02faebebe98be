import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { EngineEvent } from "../../../src/engine/index.ts";
import { layoutFor } from "../../../src/tui/markdown/reading.ts";
import { unicodeGlyphs } from "../../../src/tui/paint/glyphs.ts";
import { replayOf } from "../../../src/tui/replay/moments.ts";
import { paintReplay } from "../../../src/tui/replay/paint.ts";
import { openReplay, type ReplayState } from "../../../src/tui/replay/state.ts";
import { textRows } from "../../../src/tui/replay/text-rows.ts";
import { emptyFlow, takeUnits } from "../../../src/tui/text/flow.ts";
import { piece, rowText, type Row } from "../../../src/tui/text/row.ts";
import { sanitize } from "../../../src/tui/text/sanitize.ts";
import { settingsFor, tokensOf } from "../answers.ts";
import { joins, markdownParts, reading } from "../markdown/markdowns.ts";
import { pressing } from "./replays.ts";

const scriptOf = (texts: readonly string[], blockLength = 4) => ({
  texts,
  blockLength,
  order: [1, 0],
  confidence: [0.9],
});
const shown = (state: ReplayState) =>
  textRows(state, 80, 40, unicodeGlyphs).map((row) => rowText(row).trimEnd());

const texts = [
  "# ",
  "Title",
  "\n",
  "- ",
  "one ",
  "**",
  "two",
  "**",
  "\n",
  "```",
  "js\n",
  "let x",
  "\n",
  "```",
];

test("the text is read as Markdown, as on the page", () => {
  expect(shown(pressing(["G"], scriptOf(texts)))).toEqual([
    "Title",
    "• one two",
    "─── js",
    "let x",
    "───[<0>]",
  ]);
});

const times = (count: number, key: string) => Array.from({ length: count }, () => key);

test("the slot that is picked stands in brackets also where it is a mark, a drawing or a line feed", () => {
  const up = times(16, "up");
  const [heading, title, feed, bullet, bold, fence] = [0, 1, 2, 3, 5, 13].map((index) =>
    shown(pressing(["G", ...up, ...times(index, "down")], scriptOf(texts, 16))),
  );
  expect(heading?.[0]).toBe("[# ]Title");
  expect(title?.[0]).toBe("[Title]");
  expect(feed?.[0]).toBe("Title[\\n]");
  expect(bullet?.[1]).toBe("[•] one two");
  expect(bold?.[1]).toBe("• one [**]two");
  expect(fence?.[4]).toBe("[───]");
});

/** The rows without the brackets of the picked slot and the name in them. */
const unmarked = (rows: readonly Row[]) =>
  rows
    .map((row) => rowText(row.filter(({ style, text }) => style !== "strong" || !/^[[\]]/.test(text))))
    .filter((row) => row.trim() !== "");

test("whatever was written, the last step shows what the page shows", () => {
  fc.assert(
    fc.property(
      markdownParts.filter((parts) => !joins(parts) && parts.join("").trim() !== ""),
      fc.constantFrom(1, 4, 16),
      fc.integer({ min: 20, max: 90 }),
      (parts, blockLength, width) => {
        const state = pressing(["G"], scriptOf(parts, blockLength));
        const flow = { ...emptyFlow, pieces: [piece(sanitize(parts.join("")))] };
        const { units } = takeUnits(flow, width - 2, true, layoutFor(reading, unicodeGlyphs));
        const page = units.flatMap((unit) => unit.rows);
        expect(unmarked(textRows(state, width, 10_000, unicodeGlyphs))).toEqual(unmarked(page));
      },
    ),
  );
});

const speculating = { ...settingsFor(4), strategy: "self_speculative" } as const;
const readingOf = (position: number, token: number, unmasked: boolean) => ({
  position,
  token,
  confidence: 0.99,
  runnersUp: [],
  unmasked,
});

/** A window of two guesses of which the first stands and the second does not. */
const refused: EngineEvent[] = [
  { type: "prefilled", promptTokens: 10, reusedTokens: 0, milliseconds: 1 },
  {
    type: "block_opened",
    block: 0,
    start: 10,
    ids: [1, 1, 1, 1],
    drafts: [2, 3, 4].map((token) => ({ token, probability: 0.9 })),
    settings: speculating,
  },
  {
    type: "denoised",
    block: 0,
    step: 0,
    slots: [readingOf(10, 2, true), readingOf(11, 5, true), readingOf(12, 4, false), readingOf(13, 3, false)],
    settings: speculating,
    rows: 5,
    milliseconds: 1,
    elapsed: 2,
  },
];

test("a refused guess is struck out before the token that took its place, and what was guessed behind it too", () => {
  const turn = { user: "why?", reply: { settings: speculating }, events: refused };
  const tokens = tokensOf(["The", " **sky", " fell", " sea"]);
  const state = openReplay(replayOf([turn], 0, tokens), reading);
  const [row = []] = textRows(state, 80, 10, unicodeGlyphs);
  expect(rowText(row)).toBe("[The] **sky sea fell ░░░");
  expect(row.filter(({ forms }) => forms?.includes("struck")).map(({ text }) => text)).toEqual([
    "**sky",
    "fell",
  ]);
  const painted = paintReplay(state, { columns: 80, rows: 24 }, unicodeGlyphs).rows.map(rowText);
  expect(painted.join("\n")).toMatch(/" sea" +\.99 {2}step 1 {4}refused " \*\*sky"/);
  expect(painted.join("\n")).toMatch(/" fell" +\.99 {2}open {6}guess fell/);
});
