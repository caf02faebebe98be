import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { keys, project, PseudoTerminal } from "../real/pseudo-terminal.ts";
import { cleanEnvironment, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
const model = await tinyChatModel("carry-tiny", home);
// The build, for Node runs no JSX.
const program = path.join(project, "bin/sdar-chat.js");
const short = ["--model", model, "--max-tokens", "12", "--temperature", "0.8", "--view", "live"];
const endless = ["--model", model, "--max-tokens", "20000", "--strategy", "sequential", "--view", "live"];
const busy = /^(?:block|loading|reading|stopping)/m;
const ctrl = { g: "\u0007", r: "\u0012", u: "\u0015" } as const;

function openChat(folders: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const options = { env: { ...cleanEnvironment(folders), ...env } };
  const chat = new PseudoTerminal(process.execPath, [program, ...args], options);
  onTestFinished(() => chat.child.kill("SIGKILL"));
  return chat;
}

const idle = (chat: PseudoTerminal) =>
  chat.until((window) => /^> message, or/m.test(window) && !busy.test(window));

async function sendsWhenIdle(chat: PseudoTerminal, text: string): Promise<void> {
  await idle(chat);
  await chat.press(text);
  await chat.until((window) => window.includes(`\n> ${text}\n`));
  await chat.press(keys.enter);
}

function transcriptOf(folders: string): string {
  const directory = path.join(folders, "data", "sdar-chat", "transcripts");
  const [name = ""] = readdirSync(directory);
  return readFileSync(path.join(directory, name), "utf8");
}

/** What of a random model's text every terminal shows alike. */
const letters = (text: string) => text.replaceAll(/[^a-z]/gi, "");

test("a file goes along by @path: the page shows the path, the transcript what the model read", async () => {
  const folders = path.join(home, "file");
  const file = path.join(home, "said.txt");
  writeFileSync(file, "the text of it\n");
  const chat = openChat(folders, short);
  await idle(chat);
  await chat.press(`see @${path.dirname(file)}/sai`);
  await chat.until(/^› said\.txt/m);
  await chat.press(keys.enter);
  await chat.until((window) => !window.includes("› said.txt"));
  await chat.press(keys.enter);
  // The path is another one in every run, and so the answer: it may come to its own end.
  await chat.until(/^> see @[^]*\d\/pass/m);
  expect(chat.page()).not.toContain("the text of it");
  expect(transcriptOf(folders)).toContain("```txt\\nthe text of it\\n```");
  await chat.press("see @nothing/here.txt", keys.enter);
  await chat.until(/There is no file nothing\/here\.txt\.[^]*> see @nothing\/here\.txt/);
});

test("a long paste is a chip: one Backspace drops it, Tab shows its text, and all of it is sent", async () => {
  const folders = path.join(home, "paste");
  const chat = openChat(folders, short);
  await idle(chat);
  const lines = Array.from({ length: 400 }, (_, index) => `line ${index}`).join("\r\n");
  await chat.paste(lines);
  await chat.until(/> \[pasted.400.lines,.3.kB\]/);
  await chat.press("\u007F");
  await chat.until(/^> message, or/m);
  await chat.press("\u001F");
  await chat.until(/> \[pasted.400.lines/);
  await chat.press("\t");
  await chat.until(/line 399/);
  await chat.press("\u001F", " ok", keys.enter);
  await chat.until(/^> \[pasted.400.lines,.3.kB\] ok[^]*(?:Cut at the limit|takes)/m);
  expect(chat.page()).not.toContain("line 17\n");
});

test("Ctrl-C ends a paste whose end never comes", async () => {
  const chat = openChat(path.join(home, "endless"), short);
  await idle(chat);
  await chat.press("\u001B[200~half a paste");
  await chat.until(/Ctrl-C takes what there is/);
  await chat.press("\u0003");
  await chat.until(/^> half a paste$/m);
  await chat.press("!");
  await chat.until(/^> half a paste!$/m);
  expect(chat.page().match(/half a paste/g)).toHaveLength(1);
});

test("Ctrl-G lets the person's editor change the prompt, and what was decoded meanwhile is on the page", async () => {
  const folders = path.join(home, "outside");
  const chat = openChat(folders, [...endless, "--plain"], { EDITOR: "sleep 1; sed -i s/wolrd/world/" });
  await sendsWhenIdle(chat, "a long story");
  await chat.until(/^block \d+/m);
  await chat.press("hello wolrd", ctrl.g);
  await chat.until(/^> hello world$/m);
  await chat.press(keys.escape);
  await chat.until((window) => !busy.test(window));
  // A key that comes at once behind Esc is one with Alt.
  await delay(200);
  await chat.press(ctrl.u);
  const saved = path.join(home, "story.md");
  await sendsWhenIdle(chat, `/save ${saved}`);
  await chat.until(/Saved as/);
  const answer =
    readFileSync(saved, "utf8")
      .split(/^## .*$/m)
      .at(-1) ?? "";
  expect(letters(chat.page())).toContain(letters(answer.replace(/\*\([^*]+\)\*\s*$/, "")));
});

test("Ctrl-R finds what another program has said", async () => {
  const folders = path.join(home, "found");
  const first = openChat(folders, short);
  await sendsWhenIdle(first, "about foxes");
  await idle(first);
  const second = openChat(folders, short);
  await idle(second);
  await second.press(ctrl.r, "fox");
  await second.until(/^› about foxes$/m);
  await second.press(keys.enter);
  await second.until(/^> about foxes$/m);
  expect(second.page().match(/about foxes/g)).toHaveLength(1);
});

test("a window that changes its size with a list open shows one list, and loses nothing", async () => {
  const chat = openChat(path.join(home, "sizes"), short);
  await sendsWhenIdle(chat, "before it");
  await idle(chat);
  await chat.press("/");
  for (const [columns, rows] of [
    [40, 12],
    [30, 8],
    [120, 40],
    [50, 9],
    [80, 24],
  ] as const) {
    await chat.resize(columns, rows);
    await delay(400);
    await chat.until(/^› help/m);
    expect(chat.window().filter((row) => row.startsWith("›"))).toHaveLength(1);
    expect(chat.window().filter((row) => row === "> /")).toHaveLength(1);
  }
  await chat.press(keys.escape);
  await chat.until((window) => !/^› help/m.test(window));
  expect(chat.page()).toContain("> before it");
});
