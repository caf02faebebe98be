import * as fc from "fast-check";
import { expect, test } from "vitest";
import { editable, sanitize } from "../../src/tui/text/sanitize.ts";
import { tokenTexts } from "./answers.ts";

test("control sequences lose what makes them work", () => {
  expect(sanitize("\u001B[2Jgone\u0007")).toBe("[2Jgone");
  expect(sanitize("\u009B31mred")).toBe("31mred");
  expect(sanitize("one\r\ntwo\ttab")).toBe("one\ntwo    tab");
});

test("marks that turn the writing direction are dropped, and so is a soft hyphen", () => {
  expect(sanitize("a\u202Eb\u2066c\u00ADd\u200Fe")).toBe("abcde");
});

test("letters of every script and emoji stay", () => {
  const text = "é ñ 日本語 한국어 नमस्ते สวัสดี 👩‍👩‍👧‍👦 🇩🇪 ❤️";
  expect(sanitize(text)).toBe(text);
});

test("a letter under a hundred accents keeps eight", () => {
  expect(sanitize(`a${"\u0301".repeat(100)}b`)).toBe(`a${"\u0301".repeat(8)}b`);
});

test("no control is left but the line feed, and parts sanitised apart are the whole", () => {
  fc.assert(
    fc.property(tokenTexts, tokenTexts, (a, b) => {
      const text = sanitize(a) + sanitize(b);
      expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
      fc.pre(!/\p{M}{8}/u.test(a + b));
      expect(text).toBe(sanitize(a + b));
    }),
  );
});

test("pasted line ends become line feeds, tabs stay", () => {
  expect(editable("a\r\nb\rc\n\td\u001B[31m")).toBe("a\nb\nc\n\td[31m");
});
