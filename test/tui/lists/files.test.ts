import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { attach, type Message } from "../../../src/chat/index.ts";
import { UserError } from "../../../src/errors.ts";
import { press } from "../../../src/tui/keys/bindings.ts";
import { typed } from "../../../src/tui/keys/prompt.ts";
import { shownList } from "../../../src/tui/lists/open.ts";
import { listFolder } from "../../../src/tui/shell/folder.ts";
import type { ChatState, Update } from "../../../src/tui/store/state.ts";
import { happen } from "../../../src/tui/store/update.ts";
import { temporaryFolder } from "../../model/folders.ts";
import { answering, openChat, tokensOf } from "../answers.ts";

const idle = openChat(tokensOf([]));
const script = { texts: ["a", "b", "c"], blockLength: 4, order: [0], confidence: [1] };
const [decoding = idle] = answering(script).slice(3);

const enter = (state: ChatState): Update => press(state, "enter", 70) ?? { state, effects: [] };
const labels = (state: ChatState) => shownList(state)?.items.map(({ label }) => label);

const names = ["LICENSE", "my file.txt", "src/", ".env", "node_modules/"];
const listed = (state: ChatState, folder = "", all = names) =>
  happen(state, { type: "folder", folder: { path: folder, names: all, more: 0 } }, 1).state;

test("an @ lists the folder, hidden files only behind a dot", () => {
  const asked = typed(idle, "see @");
  expect(asked.effects).toEqual([{ type: "folder", path: "" }]);
  const open = listed(asked.state);
  expect(labels(open)).toEqual(["LICENSE", "my file.txt", "src/", "node_modules/"]);
  const narrowed = typed(open, "s");
  expect(narrowed.effects).toEqual([]);
  expect(labels(narrowed.state)?.[0]).toBe("src/");
  expect(labels(typed(open, ".").state)).toContain(".env");
});

test("a folder that was read late takes nothing from the one that is listed by then", () => {
  const deeper = typed(typed(idle, "see @").state, "src/").state;
  const inside = listed(deeper, "src/", ["a.ts"]);
  expect(labels(listed(inside, ""))).toEqual(["a.ts"]);
});

test("Enter takes a file, goes on into a folder, and sends what was typed in full", () => {
  const open = listed(typed(idle, "see @s").state);
  const folder = enter(open);
  expect(folder.state.editor.text).toBe("see @src/");
  expect(folder.effects).toEqual([{ type: "folder", path: "src/" }]);
  const inside = listed(folder.state, "src/", ["a.ts"]);
  expect(labels(inside)).toEqual(["a.ts"]);
  const taken = enter(inside).state;
  expect(taken.editor.text).toBe("see @src/a.ts ");
  expect(shownList(taken)).toBeUndefined();
  const whole = enter(typed(inside, "a.ts").state);
  expect(whole.state.editor.text).toBe("");
  expect(whole.effects).toContainEqual({
    type: "attach",
    message: { text: "see @src/a.ts", inserts: [] },
    files: ["src/a.ts"],
  });
});

test("a path can be completed in the middle of a message, and spaces are quoted", () => {
  const before = typed(idle, "compare @my").state;
  expect(enter(listed(before)).state.editor.text).toBe('compare @"my file.txt" ');
});

/** Sends a message that mentions a file. */
function sentWithFile(from: ChatState): { state: ChatState; message: Message } {
  const { state, effects } = enter(typed(from, "see @a.txt now").state);
  const effect = effects.find((each) => each.type === "attach");
  if (effect === undefined) throw new Error("Nothing is read.");
  return { state, message: effect.message };
}

const page = (state: ChatState) =>
  state.page.flatMap((entry) => (entry.kind === "message" ? [entry.text] : []));

test("a message waits until its files are read; the page shows what was typed", () => {
  const { state, message } = sentWithFile(idle);
  expect(page(state)).toEqual([]);
  const whole = attach(message, [{ name: "a.txt", text: "content" }]);
  const sent = happen(state, { type: "attached", before: message, message: whole }, 1);
  expect(sent.effects).toEqual([{ type: "send", text: whole.text, inserts: whole.inserts }]);
  expect(page(sent.state)).toEqual(["see @a.txt now"]);
});

test("messages keep their order: one without files waits for the one before it", () => {
  const { state, message } = sentWithFile(idle);
  const both = enter(typed(state, "and then?").state);
  expect(both.effects.filter(({ type }) => type === "send")).toEqual([]);
  const sent = happen(both.state, { type: "attached", before: message, message }, 1);
  expect(sent.effects).toEqual([{ type: "send", text: "see @a.txt now" }]);
  expect(sent.state.queue.map((each) => each.message.text)).toEqual(["and then?"]);
});

test("a file that cannot go is said at once, and the message comes back to an empty prompt", () => {
  const problem = new UserError("file", "There is no file a.txt.");
  for (const start of [idle, decoding]) {
    const { state, message } = sentWithFile(start);
    const refused = happen(state, { type: "refused", message, problem }, 1).state;
    expect(refused.notice).toMatchObject({
      text: "There is no file a.txt. Write \\@ where no file is meant.",
      style: "error",
    });
    expect(refused.editor.text).toBe("see @a.txt now");
    expect(refused.queue).toEqual([]);
    const typing = happen(typed(state, "more").state, { type: "refused", message, problem }, 1).state;
    expect(typing.editor.text).toBe("more");
    expect(typing.history.entries.at(-1)).toBe("see @a.txt now");
  }
});

test("what was queued behind a message that cannot go comes back with it, what stands before it goes on", () => {
  const problem = new UserError("file", "There is no file a.txt.");
  const { state, message } = sentWithFile(enter(typed(decoding, "first").state).state);
  const queued = enter(typed(state, "and then?").state).state;
  const more = typed(queued, "half").state;
  const refused = (from: ChatState) => happen(from, { type: "refused", message, problem }, 1);
  for (const [from, text] of [
    [queued, "see @a.txt now\nand then?"],
    [more, "see @a.txt now\nand then?\nhalf"],
  ] as const) {
    expect(refused(from).effects).toEqual([]);
    expect(refused(from).state.editor.text).toBe(text);
    expect(refused(from).state.queue.map((each) => each.message.text)).toEqual(["first"]);
  }
});

test("a message with a file can take the place of an earlier one", () => {
  const reply = { content: "", ids: [], borders: [], end: "stop", settings: idle.settings } as const;
  const turns = [{ user: "one", promptIds: [], reply, events: [] }];
  const { state, message } = sentWithFile({ ...idle, turns, editing: 1 });
  expect(state.editing).toBeUndefined();
  const sent = happen(state, { type: "attached", before: message, message }, 1);
  expect(sent.effects).toEqual([{ type: "send", text: "see @a.txt now", after: 0 }]);
});

test("a folder is listed with what programs made last, and large ones are cut", async () => {
  const folder = await temporaryFolder();
  for (const name of ["src", "node_modules", ".git", "zoo"]) await mkdir(path.join(folder, name));
  await writeFile(path.join(folder, "b10.txt"), "");
  await writeFile(path.join(folder, "b9.txt"), "");
  expect(await listFolder(`${folder}/`)).toEqual({
    path: `${folder}/`,
    names: ["b9.txt", "b10.txt", "src/", "zoo/", ".git/", "node_modules/"],
    more: 0,
  });
  expect(await listFolder("/nowhere/at/all/")).toEqual({ path: "/nowhere/at/all/", names: [], more: 0 });
  for (let file = 0; file < 2005; file++) await writeFile(path.join(folder, "src", `f${file}`), "");
  const { names: cut, more } = await listFolder(`${folder}/src/`);
  expect([cut.length, more]).toEqual([2000, 5]);
});
