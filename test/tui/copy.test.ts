import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import type { Turn } from "../../src/chat/index.ts";
import { defaultSettings } from "../../src/engine/index.ts";
import { runCommand } from "../../src/tui/commands/run.ts";
import { codeBlocks } from "../../src/tui/markdown/code-blocks.ts";
import { copyText } from "../../src/tui/shell/clipboard.ts";
import { openChat, tokensOf } from "./answers.ts";

const answer = (content: string): Turn => ({
  user: "why?",
  promptIds: [1],
  reply: { content, ids: [2], borders: [], end: "stop", settings: defaultSettings(4) },
  events: [],
});

const code = "Try:\n```sh\nls\n  pwd\n```\nor\n~~~\n```\n~~~";
const talked = openChat(tokensOf([]), { turns: [answer(" one \n"), answer(code)] });
const copied = (line: string) => {
  const { state, effects } = runCommand(talked, line);
  const [effect] = effects;
  return effect?.type === "copy" ? effect.text : state.notice?.text;
};

test.for([
  ["/copy", code],
  ["/copy 1", "one"],
  ["/copy code", "```"],
  ["/copy code 1", "ls\n  pwd"],
  ["/copy code 3", "The last answer has code blocks 1 to 2."],
  ["/copy 3", "There is nothing to copy. Answers have the numbers 1 to 2."],
  ["/copy all", 'Say what: /copy, /copy 2 or /copy code 1, not "all".'],
] as const)("%s", ([line, text]) => {
  expect(copied(line)).toBe(text);
});

test("code that is not closed is code, and a fence is closed by as long a one alone", () => {
  expect(codeBlocks("````\na\n```\nb\n```` x\nc")).toEqual(["a\n```\nb\n```` x\nc"]);
  expect(codeBlocks("no code")).toEqual([]);
});

test.for([
  ["in an item, without the fence's indent", "- so:\n    ```sh\n    ls\n      -l\n    ```", ["ls\n  -l"]],
  ["indented by tabs", "-\tso:\n\t```make\n\tall:\n\t\tls\n\t```", ["all:\n\tls"]],
  ["in a quote, which ends it", "> ```\n> ls\n>  -l\nand\n```\npwd\n```", ["ls\n -l", "pwd"]],
  ["a fence behind the line that ends the quote", "> ```\n> ls\n```\npwd", ["ls", "pwd"]],
  ["a line of text with ticks on both sides", "```ls``` lists files\nor\n```\npwd\n```", ["pwd"]],
  ["empty", "```\n```", [""]],
] as const)("what the page shows as code is code: %s", ([, content, blocks]) => {
  expect(codeBlocks(content)).toEqual(blocks);
});

const scratch = () => path.join(mkdtempSync(path.join(tmpdir(), "copy-")), "clipboard");
const into = (file: string) => ["sh", "-c", `cat > ${file}`] as const;

test("the terminal gets the text as OSC 52, and the first program that takes it gets it too", async () => {
  const written: string[] = [];
  const file = scratch();
  const programs = [["no-such-program"], ["false"], into(file)] as const;
  const sentence = await copyText("héllo", (sequence) => written.push(sequence), programs);
  expect(written).toEqual([`\u001B]52;c;${Buffer.from("héllo").toString("base64")}\u0007`]);
  expect(readFileSync(file, "utf8")).toBe("héllo");
  expect(sentence).toBe("Copied 5 characters by sh and the terminal (OSC 52).");
});

test("without a program the terminal is all there is, and the sentence says what then", async () => {
  expect(await copyText("x", () => {}, [])).toMatch(/^Copied 1 character by the terminal \(OSC 52\)\. If/);
});

test("what a terminal does not take goes to a program, else to a file", async () => {
  const written: string[] = [];
  const long = "x".repeat(75_000);
  const file = scratch();
  expect(await copyText(long, (sequence) => written.push(sequence), [into(file)])).toBe(
    "Copied 75000 characters by sh.",
  );
  expect(readFileSync(file, "utf8")).toBe(long);
  const sentence = await copyText(long, (sequence) => written.push(sequence), []);
  const kept = /they are in (.*)\.$/.exec(sentence)?.[1] ?? "";
  expect(existsSync(kept) && readFileSync(kept, "utf8")).toBe(long);
  expect(written).toEqual([]);
});
