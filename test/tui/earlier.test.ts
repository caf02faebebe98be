import { expect, test } from "vitest";
import type { Turn } from "../../src/chat/index.ts";
import { defaultSettings } from "../../src/engine/index.ts";
import { runCommand } from "../../src/tui/commands/run.ts";
import { nextFrame } from "../../src/tui/paint/frame.ts";
import { unicodeGlyphs } from "../../src/tui/paint/glyphs.ts";
import type { ListedChat } from "../../src/tui/store/list.ts";
import type { ChatState } from "../../src/tui/store/state.ts";
import { happen } from "../../src/tui/store/update.ts";
import { rowText } from "../../src/tui/text/row.ts";
import { answering, openChat, tokensOf } from "./answers.ts";

const idle = openChat(tokensOf([]));

const printed = (state: ChatState) =>
  nextFrame(state, { columns: 80, rows: 24 }, unicodeGlyphs)
    .lines.map(rowText)
    .map((line) => line.trimEnd());

const turn = (user: string, content: string, end: Turn["reply"]["end"] = "stop"): Turn => ({
  user,
  promptIds: [1],
  reply: { content, ids: [2], borders: [], end, settings: defaultSettings(4) },
  events: [],
});

const saved = (facts: Partial<ListedChat>): ListedChat => ({
  path: "/x/a.jsonl",
  id: "a",
  changedAt: 0,
  model: "tiny",
  weights: "w",
  firstWords: "hello",
  isOpen: false,
  turns: 3,
  ...facts,
});

const resumed = (turns: readonly Turn[]) => {
  const context = { tokens: 9, limit: 1000 };
  const standing = happen(idle, { type: "standing", context, turns, system: "Be brief." }, 1).state;
  return happen(standing, { type: "resumed" }, 2).state;
};

test("where no list can open, earlier conversations are printed with their numbers, the newest first", () => {
  const plain = { ...idle, popups: false };
  const hour = 3_600_000;
  const at = 100 * hour;
  const chats = [
    saved({ changedAt: at - 1000, isOpen: true }),
    saved({ changedAt: at - 5 * hour, firstWords: `evil \u001B[2J ${"long ".repeat(30)}` }),
    saved({ changedAt: at - 72 * hour }),
  ];
  expect(printed(happen(plain, { type: "earlier", chats, at }, 1).state)).toEqual([
    "",
    " 1    just now  hello (unfinished)  3 messages, tiny",
    expect.stringMatching(/^ 2     5 h ago  evil \[2J long .*\.\.\.  3 messages,$/),
    "                tiny",
    " 3  3 days ago  hello  3 messages, tiny",
    "/resume 1 goes on with the first",
  ]);
  const none = happen(idle, { type: "earlier", chats: [], at }, 1).state;
  expect(printed(none)).toContain("There is no earlier conversation.");
});

test("the page shows a conversation that is gone on with, and what it was held with counts", () => {
  const state = resumed([turn("one", "yes"), turn("two", "no\n\nand no")]);
  expect(printed(state)).toEqual([
    "",
    "An earlier conversation goes on here.",
    "",
    "> one",
    "yes",
    "",
    "> two",
    "no",
    "",
    "and no",
  ]);
  expect(state).toMatchObject({ system: "Be brief.", context: { tokens: 9 } });
  expect(runCommand(state, "/undo").effects).toEqual([{ type: "rewind", turns: 1 }]);
});

test("of a long conversation only the last two screens are shown", () => {
  const turns = Array.from({ length: 40 }, (_, index) => turn(`message ${index + 1}`, "line\n".repeat(8)));
  const page = printed(resumed(turns));
  expect(page).toContain("An earlier conversation goes on here. 36 earlier messages are not shown.");
  expect(page).not.toContain("> message 36");
  expect(page.length).toBeLessThan(60);
  const [last = ""] = printed(resumed([turn("first", "x"), turn("second", "line\n".repeat(90))])).slice(3);
  expect(last).toBe("> second");
});

test("an answer that a killed program left is said to be one", () => {
  expect(printed(resumed([turn("one", "half an", "cut")])).join(" ")).toContain(
    "Here the program was ended in mid-answer. /again decodes the answer anew",
  );
});

test("an answer that another program is still decoding is no lost one", () => {
  const cut = { ...idle, turns: [turn("one", "half an", "cut")] };
  const said = printed(happen(cut, { type: "resumed", elsewhere: true }, 1).state).join(" ");
  expect(said).toContain(
    "Another sdar-chat is still decoding this answer: that is what it had so far. /again",
  );
  expect(said).not.toContain("was ended");
});

test("/resume goes on with what was said, but not in the middle of an answer", () => {
  expect(runCommand(idle, "/resume").effects).toEqual([{ type: "earlier" }]);
  expect(runCommand(idle, "/resume 2").effects).toEqual([{ type: "resume", wanted: "2" }]);
  const script = { texts: ["a", "b"], blockLength: 4, order: [0], confidence: [1] };
  const [decoding = idle] = answering(script).slice(2);
  expect(runCommand(decoding, "/resume 2").effects).toEqual([]);
});
