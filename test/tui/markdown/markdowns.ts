import * as fc from "fast-check";
import { layoutFor, type ReadingOptions } from "../../../src/tui/markdown/reading.ts";
import { unicodeGlyphs } from "../../../src/tui/paint/glyphs.ts";
import { emptyFlow, takeSettled, type Flow } from "../../../src/tui/text/flow.ts";
import { piece, type Row } from "../../../src/tui/text/row.ts";
import { sanitize } from "../../../src/tui/text/sanitize.ts";
import { tokenTexts } from "../answers.ts";

export const reading: ReadingOptions = { markdown: true, wrap: "words", color: true };

export const flowOf = (text: string, flow: Flow = emptyFlow): Flow => ({
  ...flow,
  pieces: [...flow.pieces, piece(text)],
});

/** The rows of a whole text. */
export function read(text: string, width = 40, options: Partial<ReadingOptions> = {}): readonly Row[] {
  const layout = layoutFor({ ...reading, ...options }, unicodeGlyphs);
  return takeSettled(flowOf(sanitize(text)), width, true, layout).lines;
}

/** The rows that have gone out after each part, and at last all, as the screen takes them. */
export function readInParts(
  parts: readonly string[],
  width: number,
  options: Partial<ReadingOptions> = {},
): readonly Row[] {
  const layout = layoutFor({ ...reading, ...options }, unicodeGlyphs);
  const lines: Row[] = [];
  let flow = emptyFlow;
  for (const part of parts) {
    const step = takeSettled(flowOf(sanitize(part), flow), width, false, layout);
    lines.push(...step.lines);
    flow = step.flow;
  }
  return [...lines, ...takeSettled(flow, width, true, layout).lines];
}

const marks = [
  ...Array.from("*_~`#>|-+[]()!<\\=:.&1"),
  "**",
  "***",
  "__",
  "~~",
  "``",
  "```",
  "```js\n",
  "\n```\n",
  "~~~\n",
  "\n",
  "\n\n",
  "\n- ",
  "\n  - ",
  "\n1. ",
  "\n> ",
  "\n# ",
  "\n---\n",
  "\n===\n",
  "\n| a | b |\n|---|:-:|\n",
  "\n| c | d |",
  " | ",
  "[x](https://a.b/c)",
  "](",
  "https://",
  "http",
  "<br>",
  " ",
  "    ",
  "word",
  "two words ",
];

/** Text as models write it, and as none should. */
export const markdownParts: fc.Arbitrary<string[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...marks) }, { weight: 2, arbitrary: tokenTexts }),
  { maxLength: 60 },
);

/** Parts that join to one character across a border: a row may have gone by then. */
export const joins = (parts: readonly string[]) =>
  parts.some((part) => /^(?:\p{M}|\u200D|\p{RI}|\p{Emoji_Modifier})/u.test(sanitize(part)));

/** Row by row what each character is: how the text was cut into pieces does not count. */
export const painted = (rows: readonly Row[]) =>
  rows.map((row) =>
    row.flatMap(({ text, forms = [], link = "" }) =>
      Array.from(text, (character) => [character, ...forms, link].join(" ")),
    ),
  );
