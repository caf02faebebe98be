import { expect, test } from "vitest";
import { wholeNumbers } from "../../src/cli/numbers.ts";
import { forTerminal } from "../../src/cli/output.ts";
import { joinPrompt } from "../../src/cli/standard-input.ts";

test("arguments and standard input are joined by an empty line, arguments first", () => {
  expect(joinPrompt(["summarise", "this"], "one\ntwo\n")).toBe("summarise this\n\none\ntwo");
  expect(joinPrompt(["why?"], "")).toBe("why?");
  expect(joinPrompt([], "  indented\n")).toBe("  indented");
});

test("white space alone is no prompt", () => {
  expect(() => joinPrompt([" "], "\n\n")).toThrow("The prompt is empty.");
});

test("text for a terminal keeps its lines and tabs and loses all that could steer the terminal", () => {
  expect(forTerminal("a\tb\nc")).toBe("a\tb\nc");
  expect(forTerminal("\u001b]52;c;aGk=\u0007\u001b[31mred\u009b2J\r")).toBe("]52;c;aGk=[31mred2J");
  expect(forTerminal("x\u202Ey\u2066z")).toBe("xyz");
  expect(forTerminal("e\u0301 日本 👩‍🚀")).toBe("e\u0301 日本 👩‍🚀");
});

test("a list of ids is whole numbers with commas", () => {
  expect(wholeNumbers("1, 2,30", "--ids")).toEqual([1, 2, 30]);
  for (const wrong of ["", "1,,2", "1 2", "-1", "1.5", "9999999999999999"]) {
    expect(() => wholeNumbers(wrong, "--ids")).toThrow("--ids must be whole numbers");
  }
});
