import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openTranscript, type Transcript } from "../../src/chat/index.ts";
import { keys, project, PseudoTerminal } from "../real/pseudo-terminal.ts";
import { cleanEnvironment, runProgram, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
const model = await tinyChatModel("carry-tiny", home);
// The build, for Node runs no JSX.
const program = path.join(project, "bin/sdar-chat.js");
const short = ["--model", model, "--max-tokens", "12", "--temperature", "0.8", "--view", "live"];
const endless = ["--model", model, "--max-tokens", "20000", "--strategy", "sequential", "--view", "live"];
const busy = /^(?:block|loading|reading|stopping)/m;

function openChat(folders: string, ...args: string[]): PseudoTerminal {
  const chat = new PseudoTerminal(process.execPath, [program, ...args], { env: cleanEnvironment(folders) });
  onTestFinished(() => chat.child.kill("SIGKILL"));
  return chat;
}

/** Types lines one after the other, each when the one before has been answered. */
async function enter(chat: PseudoTerminal, ...lines: string[]): Promise<void> {
  for (const line of lines) {
    await idle(chat);
    await chat.press(line);
    await chat.until((window) => window.includes(`\n> ${line}\n`));
    await chat.press(keys.enter);
  }
}

const idle = (chat: PseudoTerminal) =>
  chat.until((window) => /^> message, or/m.test(window) && !busy.test(window));

async function quit(chat: PseudoTerminal): Promise<void> {
  await enter(chat, "/quit");
  expect(await chat.exit).toBe(0);
}

async function onlyTranscript(folders: string): Promise<Transcript & { readonly text: string }> {
  const directory = path.join(folders, "data", "sdar-chat", "transcripts");
  const [name = "", ...others] = readdirSync(directory);
  expect(others).toEqual([]);
  const file = path.join(directory, name);
  return { ...(await openTranscript(file)), text: readFileSync(file, "utf8") };
}

/** Every reply that the file holds, those that were taken back included. */
const replies = ({ text }: { readonly text: string }) =>
  [...text.matchAll(/"type":"end".*?"ids":(\[[^\]]*\])/g)].map((match) => match[1]);

test("/again gives the same answer twice, /again new another, and /undo takes it back", async () => {
  const folders = path.join(home, "again");
  const chat = openChat(folders, ...short);
  await enter(chat, "hello there", "/again", "/again new", "/undo");
  await chat.until(/^> hello there/m);
  expect(chat.page()).toContain("Again with the same settings, seed 0: the same answer.");
  expect(chat.page()).toContain("Again, with seed 1 (was 0).");
  expect(chat.page()).toContain("Back to the beginning. What was taken back is in the prompt.");
  await chat.press("\u0015");
  await quit(chat);
  const transcript = await onlyTranscript(folders);
  expect(transcript.turns).toEqual([]);
  const [first, second, third] = replies(transcript);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test("--continue shows the newest conversation and goes on in its file", async () => {
  const folders = path.join(home, "continued");
  const chat = openChat(folders, ...short);
  await enter(chat, "what I said before", "and then");
  await quit(chat);
  const before = await onlyTranscript(folders);
  const next = openChat(folders, ...short, "--continue");
  await enter(next, "said later");
  await quit(next);
  const page = next.page();
  expect(page).toMatch(/goes on here\.[^]*> what I said before[^]*> and then[^]*> said later/);
  const after = await onlyTranscript(folders);
  expect(after.turns.map(({ user }) => user)).toEqual(["what I said before", "and then", "said later"]);
  expect(after.text.startsWith(before.text)).toBe(true);
  const [kept] = before.turns.slice(-1);
  const tokens = [...(kept?.promptIds ?? []), ...(kept?.reply.ids ?? [])];
  expect(after.turns.at(-1)?.promptIds.slice(0, tokens.length - 1)).toEqual(tokens.slice(0, -1));
});

test("/again behind --continue promises no more than is true, and behind that the same answer", async () => {
  const folders = path.join(home, "anew");
  const chat = openChat(folders, ...short);
  await enter(chat, "hello there");
  await quit(chat);
  const next = openChat(folders, ...short, "--continue");
  await enter(next, "/again", "/again");
  await quit(next);
  expect(next.page().replaceAll(/\s+/g, " ")).toMatch(
    /Again with the same settings, seed 0, but [^.]* may change the answer\.[^]*seed 0: the same answer\./,
  );
});

test("a program that is killed in mid-answer loses no more than a block, and the next start says so", async () => {
  const folders = path.join(home, "killed");
  const chat = openChat(folders, ...endless);
  await enter(chat, "a long story");
  await chat.until(/^block \d+/m);
  chat.child.kill("SIGKILL");
  await chat.exit;
  const told = openChat(folders, ...short);
  await told.until(/goes\s+on\s+with\s+it/);
  expect(told.page().replaceAll(/\s+/g, " ")).toMatch(
    /\("a long story"\) broke off in mid-answer: \/resume \w{4} goes on with it\./,
  );
  await quit(told);
  const next = openChat(folders, ...short, "--continue");
  await next.until(/> a long story[^]*Here the program was ended in mid-answer/);
  await enter(next, "/again", "go on");
  await quit(next);
  const { turns } = await onlyTranscript(folders);
  expect(turns.map(({ user, reply }) => [user, reply.end])).toEqual([
    ["a long story", "length"],
    ["go on", "length"],
  ]);
});

test("/resume lists conversations, and goes on with the one that is picked", async () => {
  const folders = path.join(home, "listed");
  const first = openChat(folders, ...short);
  await enter(first, "the first one");
  await quit(first);
  const chat = openChat(folders, ...short, "--resume");
  await chat.until(/^› 1 +just now +the first one +1 message, \S/m);
  await chat.press("nothing of the kind");
  await chat.until((window) => !window.includes("the first one"));
  await chat.press("\u0015");
  await enter(chat, "another", "/resume");
  await chat.until(/^› 1 +just now +the first one/m);
  await chat.press("first o", keys.enter);
  await chat.until(/goes on here\./);
  await enter(chat, "more of it");
  await quit(chat);
  expect(chat.page()).toMatch(/> another[^]*goes on here\.[^]*> the first one[^]*> more of it/);
});

test.for([
  [["--continue"], 2, /There is no conversation with .* to go on with/],
  [["--resume", "nothing"], 2, /There is no saved conversation nothing/],
  [["--continue", "--resume"], 2, /exclude each other/],
  [["--continue", "--system", "x"], 2, /--system begins a new chat, and --continue goes on/],
  [["--resume", "nothing", "--system", "x"], 2, /--system begins a new chat, and --resume goes on/],
] as const)(
  "%j where there is nothing is a sentence before the screen opens",
  async ([args, code, sentence]) => {
    const chat = openChat(path.join(home, "none"), ...short, ...args);
    expect(await chat.exit).toBe(code);
    expect(chat.page()).toMatch(sentence);
  },
);

test("of a damaged conversation the chat says what it could not read, and keeps it", async () => {
  const folders = path.join(home, "damaged");
  const first = openChat(folders, ...short);
  await enter(first, "one", "two");
  await quit(first);
  const { path: file, text } = await onlyTranscript(folders);
  const damaged = text.replace(/("user":"two"[^]*?\{"type":)"prefill"/, '$1"prefall"');
  for (const ways of [["--continue"], ["--resume"]]) {
    writeFileSync(file, damaged);
    const chat = openChat(folders, ...short, ...ways);
    if (ways[0] === "--resume") {
      await chat.until(/^› 1 +just now/m);
      await chat.press(keys.enter);
    }
    await chat.until((window) => /isdamagedafter2messages/.test(window.replaceAll(/\s/g, "")));
    await enter(chat, "more");
    await quit(chat);
    expect(chat.page().replaceAll(/\s/g, "")).toContain(`iskeptwholeas${file}.damaged`);
  }
  expect(readFileSync(`${file}.damaged-2`, "utf8")).toBe(damaged);
});

test("a conversation of other weights is refused by its name before anything is loaded", async () => {
  const folders = path.join(home, "other");
  const chat = openChat(folders, ...short);
  await enter(chat, "hello");
  await quit(chat);
  const { path: file } = await onlyTranscript(folders);
  const dense = await tinyChatModel("dense-tiny", path.join(home, "other"));
  const refused = openChat(folders, "--model", dense, "--resume", file);
  expect(await refused.exit).toBe(2);
  expect(refused.page().replaceAll(/\s+/g, " ")).toMatch(
    /was held with carry-tiny \(weights \w{8}\), and this is dense-tiny/,
  );
});

test("--help of chat names both ways back", async () => {
  const { stdout } = await runProgram(home, ["chat", "--help"]);
  expect(stdout).toMatch(/-c, --continue/);
  expect(stdout).toMatch(/-r, --resume \[file\]/);
});
