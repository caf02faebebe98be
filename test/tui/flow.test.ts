import * as fc from "fast-check";
import { expect, test } from "vitest";
import { piece, rowText, rowWidth } from "../../src/tui/text/row.ts";
import { sanitize } from "../../src/tui/text/sanitize.ts";
import { emptyFlow, takeSettled, type Flow } from "../../src/tui/text/flow.ts";
import { tokenTexts } from "./answers.ts";

const flowOf = (text: string, flow: Flow = emptyFlow): Flow => ({
  ...flow,
  pieces: [...flow.pieces, piece(text)],
});

const taken = (text: string, width = 20, final = false) =>
  takeSettled(flowOf(text), width, final).lines.map(rowText);

/** Takes what is ready after every part, as the screen does. */
function takenInParts(parts: readonly string[], width: number): string[] {
  let flow = emptyFlow;
  const lines: string[] = [];
  for (const part of parts) {
    const step = takeSettled(flowOf(sanitize(part), flow), width, false);
    lines.push(...step.lines.map(rowText));
    flow = step.flow;
  }
  return [...lines, ...takeSettled(flow, width, true).lines.map(rowText)];
}

test("a row goes when the next word has overflowed it, not before", () => {
  expect(taken("one two three four")).toEqual([]);
  expect(taken("one two three four fi")).toEqual(["one two three four"]);
});

test("an answer neither begins nor ends with blank rows", () => {
  expect(taken("\n\n  \nhello\n\nworld\n\n\n", 20, true)).toEqual(["hello", "", "world"]);
});

test("blank rows wait for what follows them", () => {
  const first = takeSettled(flowOf("hello\n\n"), 20, false);
  expect(first.lines.map(rowText)).toEqual(["hello"]);
  expect(takeSettled(flowOf("world\n", first.flow), 20, false).lines.map(rowText)).toEqual(["", "world"]);
});

test("a line of code goes out whole, however long, so that it copies as one", () => {
  const line = "const answer = await conversation.send(text, { signal });";
  expect(taken(`see:\n\`\`\`ts\n${line}`)).toEqual(["see:", "```ts"]);
  expect(taken(`see:\n\`\`\`ts\n${line}\n\`\`\`\nand so on`)).toEqual(["see:", "```ts", line, "```"]);
});

test("a fence counts only where a line begins", () => {
  expect(taken("write ``` to open\nand then this goes on as prose", 20, true)).toEqual([
    "write ``` to open",
    "and then this goes",
    "on as prose",
  ]);
});

test("an endless line of code does not wait for its end", () => {
  expect(taken(`\`\`\`\n${"x".repeat(5000)}`).length).toBeGreaterThan(200);
});

test("however the text comes in parts, the same rows go out", () => {
  fc.assert(
    fc.property(fc.array(tokenTexts, { maxLength: 30 }), fc.integer({ min: 8, max: 90 }), (parts, width) => {
      // Parts that join to one character across a border are the one exception: a row may have gone by then.
      fc.pre(!parts.some((part) => /^(?:\p{M}|\u200D|\p{RI}|\p{Emoji_Modifier})/u.test(part)));
      expect(takenInParts(parts, width)).toEqual(taken(sanitize(parts.join("")), width, true));
    }),
  );
});

test("rows of prose are never wider than the screen", () => {
  fc.assert(
    fc.property(fc.array(tokenTexts, { maxLength: 30 }), fc.integer({ min: 8, max: 90 }), (parts, width) => {
      fc.pre(!parts.some((part) => part.includes("`")));
      for (const line of takeSettled(flowOf(sanitize(parts.join(""))), width, true).lines) {
        expect(rowWidth(line)).toBeLessThanOrEqual(width);
      }
    }),
  );
});
