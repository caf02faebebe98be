import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { messageOf as messageOfError, UserError } from "../../src/errors.ts";
import { editOutside } from "../../src/tui/shell/outside-editor.ts";
import { happen } from "../../src/tui/store/update.ts";
import { messageOf } from "../../src/tui/editor/draft.ts";
import { edit } from "../../src/tui/editor/editor.ts";
import { temporaryFolder } from "../model/folders.ts";
import { openChat, tokensOf } from "./answers.ts";

test("the editor's text comes back without the line feed that it ends in", async () => {
  expect(await editOutside("sed -i s/wolrd/world/", "hello wolrd\nand more")).toBe("hello world\nand more");
  expect(await editOutside("true", "")).toBe("");
  expect(await editOutside("printf 'new\\ntext\\n' >", "old")).toBe("new\ntext");
});

test.for([
  [undefined, /^No editor is set: start with VISUAL or EDITOR/],
  [" ", /^No editor is set/],
  ["nonesuch-editor -w", /^The editor \(nonesuch-editor -w\) is not there; the prompt is as it was\.$/],
  ["false", /^The editor \(false\) ended with exit code 1; the prompt is as it was\.$/],
  ["rm", /^The editor's text could not be read/],
  ["sh -c 'kill -9 $$' #", /ended with SIGKILL|ended with exit code 137/],
] as const)("%j is answered by a sentence", async ([command, sentence]) => {
  await expect(editOutside(command, "text")).rejects.toThrow(sentence);
});

test("the file that the editor was given is its owner's alone, and gone afterwards", async () => {
  const record = path.join(await temporaryFolder(), "record");
  await editOutside(`sh -c 'stat -c %a "$1" > ${record}; printf %s "$1" >> ${record}' x`, "text");
  const [mode, file = ""] = readFileSync(record, "utf8").split("\n");
  expect(mode).toBe("600");
  expect(existsSync(path.dirname(file))).toBe(false);
});

test("more than a paste may have does not come back, and is kept", async () => {
  const longest = "x".repeat(1_000_000);
  expect(await editOutside("true", longest)).toBe(longest);
  const refused = await editOutside("true", `${longest}x`).catch(messageOfError);
  const [, file = ""] = /it is kept as (.*message\.md), and the prompt is as it was\.$/.exec(refused) ?? [];
  expect(readFileSync(file, "utf8")).toBe(`${longest}x\n`);
  rmSync(path.dirname(file), { recursive: true });
});

test.for(["", "half"])(
  "what came back to the prompt meanwhile stays before what was written over %j",
  (before) => {
    const idle = openChat(tokensOf([]));
    const text = "line\n".repeat(9);
    const inserts = [{ kind: "paste", start: 0, end: text.length }] as const;
    const queue = [{ message: { text, inserts }, files: [] }];
    const writing = { ...idle, queue, editor: edit(idle.editor, { type: "insert", text: before }) };
    const problem = new UserError("engine", "The engine ended.");
    const broken = happen(writing, { type: "ended", text: "one", problem }, 1).state;
    const { editor } = happen(broken, { type: "composed", before, text: "new\u0007" }, 1).state;
    expect(messageOf(editor)).toEqual({ text: `${text}\n${before && `${before}\n`}new`, inserts });
  },
);

test("what comes back is one step of undo, and a text left as it was leaves its chips", () => {
  const idle = openChat(tokensOf([]));
  const editor = edit(idle.editor, { type: "paste", text: "line\n".repeat(9) });
  const state = { ...idle, editor };
  const before = "line\n".repeat(9);
  expect(happen(state, { type: "composed", before, text: before }, 1).state.editor).toBe(editor);
  const changed = happen(state, { type: "composed", before, text: "new\u0007" }, 1).state.editor;
  expect(changed.text).toBe("new");
  expect(edit(changed, { type: "undo" })).toMatchObject({ text: editor.text, chips: editor.chips });
});
