import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cells } from "../../src/tui/text/graphemes.ts";
import { wrap } from "../../src/tui/text/wrap.ts";
import { sanitize } from "../../src/tui/text/sanitize.ts";
import { tokenTexts } from "./answers.ts";

const shown = (text: string, width: number, at?: "words" | "cells") =>
  wrap(text, width, at).map(({ start, end }) => text.slice(start, end));

const squeezed = (text: string) => text.replaceAll(/[ \n]/g, "");

const texts = fc.array(tokenTexts, { maxLength: 30 }).map((parts) => sanitize(parts.join("")));
const widths = fc.integer({ min: 4, max: 100 });

test("rows break at spaces, which are not shown there", () => {
  expect(shown("hello world foo bar", 8)).toEqual(["hello", "world", "foo bar"]);
  expect(shown("a  b      c      d          ", 5)).toEqual(["a  b", "c", "d    "]);
});

test("a word that is longer than a row is cut, and an indent never stands alone", () => {
  expect(shown("    indented looong", 10)).toEqual(["    indent", "ed looong"]);
});

test("what clings to a word that fills its row goes to the next one alone", () => {
  expect(shown("a bcd。", 4)).toEqual(["a", "bcd", "。"]);
});

test("spaces that do not fit are not shown", () => {
  expect(shown("     a", 4)).toEqual(["    ", "a"]);
  expect(shown("ab      ", 4)).toEqual(["ab  "]);
});

test("wide characters break between any two, but not before a full stop", () => {
  expect(shown("一二三四五", 6)).toEqual(["一二三", "四五"]);
  expect(shown("一二三。四", 6)).toEqual(["一二", "三。四"]);
});

test("line feeds end rows, empty ones too", () => {
  expect(shown("ab\n\ncd\n", 5)).toEqual(["ab", "", "cd", ""]);
});

test("at cells a row is filled to its last, as a terminal does it", () => {
  expect(shown("if (a) return b", 6, "cells")).toEqual(["if (a)", " retur", "n b"]);
});

test("no row is wider than it may be", () => {
  fc.assert(
    fc.property(texts, widths, (text, width) => {
      for (const row of shown(text, width)) expect(cells(row)).toBeLessThanOrEqual(width);
    }),
  );
});

test("nothing but spaces and line feeds is left out", () => {
  fc.assert(
    fc.property(texts, widths, (text, width) => {
      expect(squeezed(shown(text, width).join(""))).toBe(squeezed(text));
    }),
  );
});

test("a closed row stays as it is while the text grows", () => {
  fc.assert(
    fc.property(texts, texts, widths, (text, more, width) => {
      const before = wrap(text, width).filter((row) => row.ends !== "open");
      // A mark that combines with the last character is the one thing that may still change a row.
      fc.pre(!/^(?:\p{M}|\u200D|\p{RI}|\p{Emoji_Modifier})/u.test(more));
      expect(wrap(text + more, width).slice(0, before.length)).toEqual(before);
    }),
  );
});
