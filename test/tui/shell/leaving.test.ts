import { expect, test } from "vitest";
import { immediatePace } from "../../../src/tui/pacing.ts";
import { unicodeGlyphs } from "../../../src/tui/paint/glyphs.ts";
import { nextFrame } from "../../../src/tui/paint/frame.ts";
import { ChatShell, type Surroundings } from "../../../src/tui/shell/chat-shell.ts";
import { initialState } from "../../../src/tui/store/state.ts";
import { chatWith, openTiny, shortAnswers } from "../../chat/chats.ts";
import { model } from "../answers.ts";

const plain = { ctrl: false, meta: false, shift: false };
const nothing = () => {};

/** A chat on no terminal, with a tiny model that answers at length. */
async function openShell() {
  const settings = { ...shortAnswers, maxTokens: 400, threshold: 1 };
  const conversation = chatWith(await openTiny(), { settings });
  const view = { pace: immediatePace, motion: true };
  const state = initialState({ settings, model, history: [], view, contextLimit: 1000 }, 0);
  const left = Promise.withResolvers<void>();
  const around: Surroundings = {
    frame: (now) => nextFrame(now, { columns: 80, rows: 24 }, unicodeGlyphs),
    show: nothing,
    promptWidth: () => 76,
    canDraw: () => true,
    remember: nothing,
    copy: (text) => Promise.resolve(text),
    suspend: nothing,
    compose: (text) => Promise.resolve(text),
    replay: nothing,
    repaint: nothing,
    quit: () => void shell.leave().then(left.resolve, left.reject),
    fail: left.reject,
  };
  const shell = new ChatShell(state, around, () => performance.now());
  shell.attach(conversation);
  return { shell, conversation, left: left.promise };
}

test.for([
  ["Ctrl-D", [["d", { ...plain, ctrl: true }]]],
  [
    "/quit",
    [
      ["/quit", plain],
      ["", { ...plain, return: true }],
    ],
  ],
] as const)("%s sends nothing that was queued, and the answer is kept as far as it got", async ([, keys]) => {
  const { shell, conversation, left } = await openShell();
  for (const text of ["one", "two"]) shell.input(`${text}\r`, plain);
  expect(shell.state.queue).toHaveLength(1);
  for (const [text, key] of keys) shell.input(text, key);
  await left;
  expect(shell.state).toMatchObject({ queue: [], leaving: true, editor: { text: "two" } });
  await expect.poll(() => conversation.turns.map(({ user }) => user), { timeout: 10_000 }).toEqual(["one"]);
});
