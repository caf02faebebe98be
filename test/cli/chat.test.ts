import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openTranscript } from "../../src/chat/index.ts";
import { loadModelFolder, openTokenizer } from "../../src/model/index.ts";
import { sanitize } from "../../src/tui/text/sanitize.ts";
import { cursorIsShown, keys, project, PseudoTerminal } from "../real/pseudo-terminal.ts";
import { cleanEnvironment, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
const model = await tinyChatModel("carry-tiny", home);
// The build, for Node runs no JSX.
const program = path.join(project, "bin/sdar-chat.js");

function openChat(folders: string, ...args: string[]): PseudoTerminal {
  const chat = new PseudoTerminal(process.execPath, [program, ...args], { env: cleanEnvironment(folders) });
  onTestFinished(() => chat.child.kill("SIGKILL"));
  return chat;
}

async function ask(chat: PseudoTerminal, question: string, until: RegExp): Promise<void> {
  await chat.until(/^> ?/m);
  await chat.press(question, keys.enter);
  await chat.until(until);
}

const short = ["--model", model, "--max-tokens", "12", "--view", "live"];
const squeezed = (text: string) => text.replaceAll(/\s/g, "");
const answered = /\d tok\/s/;
const transcriptsOf = (folders: string) => path.join(folders, "data", "sdar-chat", "transcripts");

function onlyTranscript(folders: string): string {
  const files = readdirSync(transcriptsOf(folders));
  expect(files).toHaveLength(1);
  return path.join(transcriptsOf(folders), files[0] ?? "");
}

test("a chat is saved for its owner alone, with the history of the prompt, and ends with exit code 0", async () => {
  const chat = openChat(home, ...short);
  await ask(chat, "hello there", answered);
  await chat.press("/quit", keys.enter);
  expect(await chat.exit).toBe(0);
  const transcript = onlyTranscript(home);
  expect(readFileSync(transcript, "utf8")).toContain("hello there");
  expect(statSync(transcript).mode & 0o777).toBe(0o600);
  expect(readFileSync(path.join(home, "data", "sdar-chat", "history.jsonl"), "utf8")).toContain(
    '"hello there"\n',
  );
});

test("with --no-save nothing is written", async () => {
  const folders = path.join(home, "unsaved");
  const chat = openChat(folders, ...short, "--no-save");
  await ask(chat, "hello", answered);
  await chat.press("/quit", keys.enter);
  expect(await chat.exit).toBe(0);
  expect(existsSync(path.join(folders, "data"))).toBe(false);
});

test("where nothing can be saved the chat says so and goes on", async () => {
  const blocked = path.join(home, "blocked");
  writeFileSync(blocked, "a file in the way");
  const chat = openChat(blocked, ...short);
  await ask(chat, "hello", /Not saved/);
  await chat.press("/quit", keys.enter);
  expect(await chat.exit).toBe(0);
});

test.for([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)(
  "%s in mid-answer saves what is on the screen, gives the terminal back and exits with %i",
  async ([signal, code]) => {
    const folders = path.join(home, signal);
    const chat = openChat(folders, "--model", model, "--max-tokens", "20000", "--strategy", "sequential");
    await ask(chat, "a long story", /^block \d\d/m);
    chat.child.kill(signal);
    expect(await chat.exit).toBe(code);
    expect(chat.terminal.modes.bracketedPasteMode).toBe(false);
    expect(cursorIsShown(chat.raw)).toBe(true);
    expect(chat.page()).not.toMatch(/░|^block \d/m);
    const { turns } = await openTranscript(onlyTranscript(folders));
    const tokenizer = await openTokenizer(await loadModelFolder(model));
    const saved = sanitize(tokenizer.decode(turns.at(-1)?.reply.ids ?? []));
    const [, shown = ""] = /> a long story\n([^]*)$/.exec(chat.page()) ?? [];
    expect(squeezed(saved)).toContain(squeezed(shown).slice(0, 60));
    expect(squeezed(shown).length).toBeGreaterThan(20);
  },
);

test("a model that proves damaged while it loads ends the chat with its sentence, exit code 3", async () => {
  const damaged = await tinyChatModel("carry-tiny", path.join(home, "damaged"));
  appendFileSync(path.join(damaged, "model.onnx.data"), "x");
  const chat = openChat(home, "--model", damaged);
  expect(await chat.exit).toBe(3);
  expect(chat.page()).toContain(`sdar-chat: model.onnx.data in ${damaged} is damaged`);
});

test("leaving while the model loads waits for nothing", async () => {
  const chat = openChat(path.join(home, "early"), ...short);
  await chat.until(/loading/);
  await chat.press(keys.ctrlD);
  expect(await chat.exit).toBe(0);
});
