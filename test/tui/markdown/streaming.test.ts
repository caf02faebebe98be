import * as fc from "fast-check";
import { expect, test } from "vitest";
import { rowText, rowWidth } from "../../../src/tui/text/row.ts";
import { sanitize } from "../../../src/tui/text/sanitize.ts";
import { layoutFor } from "../../../src/tui/markdown/reading.ts";
import { unicodeGlyphs } from "../../../src/tui/paint/glyphs.ts";
import { emptyFlow, takeSettled } from "../../../src/tui/text/flow.ts";
import { flowOf, joins, markdownParts, painted, read, reading, readInParts } from "./markdowns.ts";

const widths = fc.integer({ min: 8, max: 90 });
const wraps = fc.constantFrom("words" as const, "terminal" as const);

test("however the text comes in parts, the same rows go out, and none that went was wrong", () => {
  fc.assert(
    fc.property(markdownParts, widths, wraps, fc.boolean(), (parts, width, wrap, color) => {
      fc.pre(!joins(parts));
      const whole = parts.map(sanitize).join("");
      const inParts = readInParts(parts, width, { wrap, color });
      expect(painted(inParts)).toEqual(painted(read(whole, width, { wrap, color })));
    }),
    { numRuns: 2000 },
  );
});

test("character by character, too", () => {
  fc.assert(
    fc.property(markdownParts, widths, (parts, width) => {
      fc.pre(!joins(parts));
      const whole = parts.map(sanitize).join("");
      fc.pre(!joins(Array.from(whole)));
      expect(painted(readInParts(Array.from(whole), width))).toEqual(painted(read(whole, width)));
    }),
    { numRuns: 500 },
  );
});

test("rows are never wider than the screen, but those of code", () => {
  fc.assert(
    fc.property(markdownParts, widths, (parts, width) => {
      expect(tooWide(parts, width)).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

test("nor are those in which characters grow together across a mark", () => {
  const joining = fc.constantFrom(
    "\u200D",
    "\u{1F469}",
    "\u{1F3FD}",
    "\u{1F1E9}",
    "\u0301",
    "\uFE0F",
    "a",
    " ",
    "日",
  );
  const marks = fc.constantFrom("*", "**", "~~", "_", "[x](https://a.b/c)", "\n> ", "\n- ");
  fc.assert(
    fc.property(fc.array(fc.oneof(joining, marks), { maxLength: 80 }), widths, (parts, width) => {
      expect(tooWide(parts, width)).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

/** Rows that are wider than the screen; code is left out. */
function tooWide(parts: readonly string[], width: number): string[] {
  const text = parts.join("").replaceAll(/`{3,}|~{3,}/g, "");
  return read(text, width)
    .filter((row) => rowWidth(row) > width)
    .map(rowText);
}

test("no line of the screen holds a control character", () => {
  fc.assert(
    fc.property(markdownParts, widths, (parts, width) => {
      for (const row of read(parts.join(""), width)) {
        expect(row.map(({ text, link = "" }) => text + link).join("")).not.toMatch(/\p{Cc}/u);
      }
    }),
  );
});

const endless = [
  "a",
  "*",
  "**a ",
  "`",
  "`a ",
  "[",
  "[a](",
  "|",
  ">",
  "-",
  "_a",
  "~~a",
  "https://a.b/",
  "日本",
  "# ",
  "1",
];

test.for(endless)("of an endless line of %j only its end is kept to be read again", (part) => {
  const layout = layoutFor(reading, unicodeGlyphs);
  let flow = emptyFlow;
  let most = 0;
  for (let count = 0; count < 20_000; count += 50 * part.length) {
    flow = takeSettled(flowOf(part.repeat(50), flow), 60, false, layout).flow;
    most = Math.max(most, flow.pieces.map(({ text }) => text).join("").length);
  }
  expect(most).toBeLessThan(6000);
});

test("what closes emphasis waits until it is known not to stand in code", () => {
  const parts = ["x **a `b** and more words that go beyond the row, ", "c` d** and", " so on"];
  expect(painted(readInParts(parts, 20))).toEqual(painted(read(parts.join(""), 20)));
});
