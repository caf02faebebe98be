import { expect, test } from "vitest";
import { plainMessage } from "../../src/chat/index.ts";
import { strategies, type Strategy } from "../../src/engine/index.ts";
import { bindings, press } from "../../src/tui/keys/bindings.ts";
import { strokesOf } from "../../src/tui/keys/key-name.ts";
import { paste, typed } from "../../src/tui/keys/prompt.ts";
import { messageOf } from "../../src/tui/editor/draft.ts";
import { edit } from "../../src/tui/editor/editor.ts";
import type { ChatState, Update } from "../../src/tui/store/state.ts";
import { answering, openChat, tokensOf } from "./answers.ts";

const plain = { ctrl: false, meta: false, shift: false };
const idle = openChat(tokensOf([]));
const script = { texts: ["a", "b", "c", "d", "e"], blockLength: 4, order: [0], confidence: [1] };
const [decoding = idle] = answering(script).slice(3);

const typing = (state: ChatState, text: string): ChatState => ({
  ...state,
  editor: edit(state.editor, { type: "insert", text }),
});

/** Presses keys one after the other; gives the last update with all effects. */
function pressed(state: ChatState, ...names: string[]): Update {
  return names.reduce<Update>(
    (before, name) => {
      const done = press(before.state, name, 70);
      return done === undefined
        ? before
        : { state: done.state, effects: [...before.effects, ...done.effects] };
    },
    { state, effects: [] },
  );
}

const queued = (message: string) => ({ message: plainMessage(message), files: [] });

const text = ({ state }: Update) => state.editor.text;

test("a terminal's late answer to a question for its colours is no text", () => {
  expect(strokesOf("11;rgb:1e1e/1e1e/1e1e", plain)).toEqual([]);
  expect(strokesOf("11;rgb:1e1e/1e1e/1e1e\u0007hi", plain)).toEqual([{ kind: "text", text: "hi" }]);
  expect(strokesOf("at 11;rgb:1/2/3", plain)).toEqual([{ kind: "text", text: "at 11;rgb:1/2/3" }]);
});

test("keys have names, with their modifiers", () => {
  expect(strokesOf("", { ...plain, upArrow: true, meta: true })).toEqual([{ kind: "key", name: "alt+up" }]);
  expect(strokesOf("", { ...plain, tab: true, shift: true })).toEqual([{ kind: "key", name: "shift+tab" }]);
  expect(strokesOf("a", { ...plain, ctrl: true })).toEqual([{ kind: "key", name: "ctrl+a" }]);
  expect(strokesOf("B", { ...plain, meta: true })).toEqual([{ kind: "key", name: "alt+b" }]);
  expect(strokesOf("\n", plain)).toEqual([{ kind: "key", name: "ctrl+j" }]);
  expect(strokesOf("\u001F", plain)).toEqual([{ kind: "key", name: "ctrl+_" }]);
  expect(strokesOf("A", { ...plain, shift: true })).toEqual([{ kind: "text", text: "A" }]);
});

test("two Escs that are read together are two", () => {
  const esc = { kind: "key", name: "esc" };
  expect(strokesOf("", { ...plain, escape: true, meta: true })).toEqual([esc, esc]);
});

test.for([
  ["", { shift: true, backspace: true }, "backspace"],
  ["", { shift: true, delete: true }, "delete"],
  ["[", { ctrl: true }, "esc"],
  ["h", { ctrl: true }, "backspace"],
  ["m", { ctrl: true }, "enter"],
  ["/", { ctrl: true }, "ctrl+_"],
] as const)(
  "a key that only kitty's protocol tells apart is what it is elsewhere: %j %j",
  ([read, key, name]) => {
    expect(strokesOf(read, { ...plain, ...key })).toEqual([{ kind: "key", name }]);
  },
);

test("a letter with the desktop's own modifier is not typed", () => {
  for (const modifier of ["super", "hyper"])
    expect(strokesOf("v", { ...plain, [modifier]: true })).toEqual([]);
});

test("a chunk ends with Enter only where a lone carriage return is its last", () => {
  expect(strokesOf("hi\r", plain)).toEqual([
    { kind: "text", text: "hi" },
    { kind: "key", name: "enter" },
  ]);
  expect(
    strokesOf("one\rtwo\r\nthree", plain).map((each) => (each.kind === "text" ? each.text : each.name)),
  ).toEqual(["one", "ctrl+j", "two", "ctrl+j", "three"]);
});

test("every key that is said to do something does", () => {
  const names = bindings.flatMap((each) => each.keys);
  const listing = typed(idle, "/").state;
  for (const name of names)
    expect([typing(decoding, "text"), idle, listing].map((state) => press(state, name, 70))).not.toEqual([
      undefined,
      undefined,
      undefined,
    ]);
});

test("Enter sends when idle and queues while an answer is being decoded", () => {
  expect(pressed(typing(idle, " hello "), "enter").effects).toContainEqual({ type: "send", text: "hello" });
  const waiting = pressed(typing(decoding, "next"), "enter");
  expect(waiting.effects).toEqual([{ type: "remember", text: "next" }]);
  expect(waiting.state.queue).toEqual([queued("next")]);
});

test("a backslash at the end makes Enter a new line", () => {
  expect(text(pressed(typing(idle, "one\\"), "enter"))).toBe("one\n");
});

test("up takes a queued message back, then goes through what was sent", () => {
  const back = pressed(typing(decoding, "next"), "enter", "up");
  expect(text(back)).toBe("next");
  expect(back.state.queue).toEqual([]);
  const sent = pressed(typing(pressed(typing(idle, "first"), "enter").state, "half"), "up");
  expect(text(sent)).toBe("first");
  expect(text(pressed(sent.state, "down"))).toBe("half");
});

test("Esc stops, and puts the queue back into the prompt", () => {
  const waiting = { ...typing(decoding, "half"), queue: ["first", "second"].map(queued) };
  const stopped = pressed(waiting, "esc");
  expect(stopped.effects).toEqual([{ type: "stop" }]);
  expect(stopped.state.queue).toEqual([]);
  expect(text(stopped)).toBe("first\nsecond\nhalf");
});

test("Esc again and again does not put off that an engine hangs", () => {
  const stopping = pressed(decoding, "esc").state;
  const again = pressed({ ...stopping, now: stopping.now + 5000 }, "esc").state;
  expect(again.answer?.stoppingSince).toBe(stopping.now);
  expect(pressed(again, "ctrl+c").state.notice?.text).toBe("Ctrl-C again to end the engine.");
});

test("a message that was sent comes back as it was typed: what was no mention is none", () => {
  const line = "see @a.txt, \\@types/node, \\\\@b.c and @home";
  const sent = pressed(typing(idle, line), "enter");
  expect(sent.effects).toContainEqual({ type: "remember", text: line });
  expect(sent.state.queue[0]).toMatchObject({
    message: { text: "see @a.txt, @types/node, \\@b.c and @home" },
    files: ["a.txt", "home"],
  });
  expect(text(pressed(sent.state, "up"))).toBe(line);
  expect(text(pressed({ ...sent.state, queue: [] }, "up"))).toBe(line);
});

test("what stands in a long paste is no mention, nor when the history brings it back", () => {
  const pasted = paste(idle, "@types/node\n".repeat(9)).state;
  const sent = pressed(pasted, "enter");
  expect(sent.effects.map(({ type }) => type)).toEqual(["remember", "send"]);
  const again = pressed({ ...idle, history: sent.state.history }, "up", "enter");
  expect(again.effects).toContainEqual({ type: "send", text: "@types/node\n".repeat(9).trim() });
});

test("up and down bring a draft back with its long paste, and what was written in place of an earlier message", () => {
  const { state } = pressed(typing(idle, "first"), "enter");
  const pasted = typing(paste(typing(state, "see "), "line\n".repeat(9)).state, "!");
  const back = pressed(pasted, "up", "down").state.editor;
  expect(messageOf(back)).toEqual(messageOf(pasted.editor));
  const written = typing(pressed(pasted, "up", "ctrl+u").state, "another one");
  expect(text(pressed(written, "up"))).toBe("first");
  expect(text(pressed(written, "up", "down"))).toBe("another one");
});

test("a command can have a long paste as its argument; a pasted command is a message", () => {
  const rules = "Be kind.\n".repeat(9).trim();
  const asked = pressed(paste(typing(idle, "/system "), rules).state, "enter");
  expect(asked.effects).toContainEqual({ type: "newChat", system: rules });
  expect(text(asked)).toBe("");
  const wrong = pressed(paste(typing(idle, "/heat "), rules.repeat(100)).state, "enter").state;
  expect(wrong.notice?.text).toMatch(/^\/heat takes off, live, kept, not "Be kind[^]{300,500}\.\.\.$/);
  expect(wrong.editor.text).toHaveLength("/heat ".length + 1);
  const pasted = pressed(paste(idle, `/system ${rules}`).state, "enter");
  expect(pasted.effects.map(({ type }) => type)).toEqual(["remember", "send"]);
});

test("Ctrl-C stops, else clears, else asks once and leaves", () => {
  expect(pressed(decoding, "ctrl+c").effects).toEqual([{ type: "stop" }]);
  expect(text(pressed(typing(idle, "text"), "ctrl+c"))).toBe("");
  const once = pressed(idle, "ctrl+c");
  expect(once.effects).toEqual([]);
  expect(once.state.notice?.text).toBe("Ctrl-C again to leave.");
  expect(pressed(once.state, "ctrl+c").effects).toEqual([{ type: "quit" }]);
  expect(pressed({ ...once.state, now: 1600 }, "ctrl+c").effects).toEqual([]);
});

test("while an answer will not stop, Ctrl-C twice leaves all the same", () => {
  expect(pressed(decoding, "ctrl+c", "ctrl+c", "ctrl+c").effects).toEqual([
    { type: "stop" },
    { type: "quit" },
  ]);
});

test("Ctrl-D leaves only from an empty prompt", () => {
  expect(pressed(idle, "ctrl+d").effects).toEqual([{ type: "quit" }]);
  expect(text(pressed(typing(idle, "ab"), "home", "ctrl+d"))).toBe("b");
});

test("the arrows with Alt turn knobs: the threshold always, the block length from an empty prompt", () => {
  expect(pressed(decoding, "alt+up").effects).toEqual([{ type: "adjust", change: { threshold: 0.95 } }]);
  expect(pressed(decoding, "alt+down", "alt+down").state.settings.threshold).toBe(0.8);
  expect(pressed(idle, "alt+up", "alt+up", "alt+up").state.settings.threshold).toBe(1);
  expect(pressed(decoding, "alt+right").effects).toEqual([{ type: "adjust", change: { blockLength: 8 } }]);
  expect(pressed(typing(idle, "two words"), "alt+left").state.editor.cursor).toBe(4);
});

test("Shift-Tab goes through the strategies and comes round", () => {
  const round = pressed(idle, ...strategies.map(() => "shift+tab"));
  const at = strategies.indexOf(idle.settings.strategy);
  expect(round.effects.map((each) => each.type === "adjust" && each.change.strategy)).toEqual([
    ...strategies.slice(at + 1),
    ...strategies.slice(0, at + 1),
  ]);
});

const using = (strategy: Strategy): ChatState => ({ ...idle, settings: { ...idle.settings, strategy } });

test("the same key turns the bound of the strategy in use", () => {
  expect(pressed(using("entropy_bounded"), "alt+up").state.settings.entropyBudget).toBe(0.4);
  expect(pressed(using("self_speculative"), "alt+up").state.settings.draftThreshold).toBe(0.35);
  expect(pressed(using("sequential"), "alt+up").state.settings.threshold).toBe(0.95);
});

test("? prints the keys from an empty prompt, and is a character elsewhere", () => {
  expect(pressed(idle, "?").state.page.at(-1)?.kind).toBe("note");
  expect(press(typing(idle, "why"), "?", 70)).toBeUndefined();
});

test("a paste is one undo, and more than a megabyte is refused", () => {
  const pasted = paste(typing(idle, "see "), "line\n".repeat(1000)).state;
  expect(pasted.editor.text).toHaveLength(5);
  expect(text(pressed(pasted, "ctrl+_"))).toBe("see ");
  expect(text(pressed(pasted, "tab"))).toHaveLength(5004);
  const refused = paste(idle, "x".repeat(1_000_001)).state;
  expect(refused.editor.text).toBe("");
  expect(refused.notice?.style).toBe("error");
});
