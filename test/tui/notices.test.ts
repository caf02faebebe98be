import { expect, test } from "vitest";
import { nextFrame } from "../../src/tui/paint/frame.ts";
import { unicodeGlyphs } from "../../src/tui/paint/glyphs.ts";
import { runCommand } from "../../src/tui/commands/run.ts";
import type { ChatState } from "../../src/tui/store/state.ts";
import { happen, type Happening } from "../../src/tui/store/update.ts";
import { rowText } from "../../src/tui/text/row.ts";
import { openChat, tokensOf } from "./answers.ts";

const idle = openChat(tokensOf([]));
const harmful = "a\u001B[2J\u009B31m\u0007b";
const after = (state: ChatState, happening: Happening) => happen(state, happening, 1).state;

const printed = (state: ChatState) =>
  nextFrame(state, { columns: 80, rows: 24 }, unicodeGlyphs).lines.map(rowText).join("\n");

test.for([
  ["the system prompt", runCommand({ ...idle, system: harmful }, "/system").state],
  ["a warning", after(idle, { type: "warned", text: harmful })],
  ["a list of models", after({ ...idle, popups: false }, { type: "models", names: [harmful], present: "" })],
] as const)("no control character of %s reaches the terminal", ([, state]) => {
  expect(printed(state)).toContain("a[2J31mb");
  expect(printed(state).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
});

test("nor one of a sentence above the prompt", () => {
  expect(after(idle, { type: "said", text: harmful, good: false }).notice?.text).toBe("a[2J31mb");
});
