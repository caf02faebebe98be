import { expect, test } from "vitest";
import { runCommand } from "../../src/tui/commands/run.ts";
import type { ChatState } from "../../src/tui/store/state.ts";
import { rowText } from "../../src/tui/text/row.ts";
import { eventsOf, openChat, settingsFor, tokensOf } from "./answers.ts";

/** A chat in which one answer was decoded: its tokens, and how sure the model was of each. */
function answered(tokens: readonly (readonly [text: string, confidence: number])[]): ChatState {
  const texts = tokens.map(([text]) => text);
  const confidence = [...tokens.map(([, sure]) => sure), 1];
  const script = { texts, blockLength: 4, order: [0], confidence };
  const reply = {
    content: texts.join(""),
    ids: [],
    borders: [],
    end: "stop" as const,
    settings: settingsFor(4),
  };
  const promptIds = Array.from({ length: 10 }, () => 0);
  return openChat(tokensOf(texts), {
    turns: [{ user: "hello", promptIds, reply, events: eventsOf(script) }],
  });
}

function said(state: ChatState, line: string): string[] {
  const { page, notice } = runCommand(state, line).state;
  const notes = page.flatMap((entry) => (entry.kind === "note" ? entry.lines : []));
  return notice === undefined ? notes.map(({ text }) => rowText(text)) : [notice.text];
}

test("/doubt counts words, not tokens, and a word is as sure as its least sure token", () => {
  const state = answered([
    ["Lyon", 0.95],
    [" is", 0.99],
    [" mar", 0.9],
    ["vel", 0.41],
    ["lous", 0.999],
    [".\n", 0.3],
    ["Yes", 0.796],
  ]);
  expect(said(state, "/doubt")).toEqual([
    "2 of 4 words uncertain, less than 80 percent sure:",
    "marvellous. 30%",
    "Yes 79%",
  ]);
});

test("/doubt says so where the model was sure of every word", () => {
  expect(said(answered([["Yes", 0.8]]), "/doubt 1")).toEqual(["0 of 1 word uncertain."]);
});

test("/doubt names the least sure words of a long answer, in the order of the text", () => {
  const words = Array.from(
    { length: 30 },
    (_, index) => [` w${index}`, (index % 2 ? 70 - index : index) / 100] as const,
  );
  const lines = said(answered(words), "/doubt");
  expect(lines).toHaveLength(22);
  expect(lines[1]).toBe("w0 0%");
  expect(lines.at(-1)).toBe("and 10 surer ones");
  const numbers = lines.slice(1, -1).map((line) => Number(/^w(\d+)/.exec(line)?.[1]));
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
});

test("/doubt says what is wrong with what it is given", () => {
  expect(said(answered([["Yes", 1]]), "/doubt 7")[0]).toMatch(/no answer 7/);
  expect(said(answered([["Yes", 1]]), "/doubt all")[0]).toMatch(/Say which answer/);
  expect(said(openChat(tokensOf([])), "/doubt")[0]).toMatch(/no answer/);
  const loading = runCommand(answered([["Yes", 1]]), "/model big").state;
  expect(said(loading, "/doubt")).toEqual([
    "Another model is being loaded. Wait until it is here, then ask for its doubt.",
  ]);
});
