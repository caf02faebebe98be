import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { openTranscript } from "../../src/chat/index.ts";
import { keys, project, PseudoTerminal } from "../real/pseudo-terminal.ts";
import { cleanEnvironment, runProgram, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
const model = await tinyChatModel("carry-tiny", home);
const other = await tinyChatModel("dense-tiny", home);
// The build, for Node runs no JSX.
const program = path.join(project, "bin/sdar-chat.js");
const endless = ["--max-tokens", "20000", "--strategy", "sequential"];

async function openChat(folders: string): Promise<PseudoTerminal> {
  mkdirSync(folders, { recursive: true });
  const args = [program, "--model", model, ...endless];
  const chat = new PseudoTerminal(process.execPath, args, { env: cleanEnvironment(folders) });
  onTestFinished(() => chat.child.kill("SIGKILL"));
  await chat.until((window) => /^> message, or/m.test(window) && !/^loading/m.test(window));
  return chat;
}

/** Stops a process, which is ended with the test. */
function hold(pid: number): void {
  process.kill(pid, "SIGSTOP");
  onTestFinished(() => tryToEnd(pid));
}

function tryToEnd(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

test("an answer whose last pass is long has its end in the transcript, although the chat was left meanwhile", async () => {
  const folders = path.join(home, "slow");
  const chat = await openChat(folders);
  const engine = await chat.childOfChild();
  // From the first pass on: a tiny model would be at the end of its answer before it could be held.
  hold(engine);
  await chat.press("a long story", keys.enter);
  await chat.until(/^reading/m);
  await chat.press(keys.ctrlD);
  await delay(1200);
  process.kill(engine, "SIGCONT");
  expect(await chat.exit).toBe(0);
  const directory = path.join(folders, "data", "sdar-chat", "transcripts");
  const { turns } = await openTranscript(path.join(directory, readdirSync(directory)[0] ?? ""));
  expect(turns.map(({ reply }) => reply.end)).toEqual(["aborted"]);
});

test("leaving does not wait for another model that is being loaded", async () => {
  const chat = await openChat(path.join(home, "switching"));
  const first = await chat.childOfChild();
  await chat.press(`/model ${other}`, keys.enter);
  hold(await secondChild(chat, first));
  await chat.press(keys.ctrlD);
  expect(await chat.exit).toBe(0);
});

async function secondChild({ child: { pid } }: PseudoTerminal, first: number): Promise<number> {
  for (let tries = 0; tries < 1000; tries++) {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
    const second = children.find((each) => each !== first && each !== 0);
    // Until it runs a program of its own the chat's is blocked.
    if (second !== undefined && commandOf(second) !== commandOf(pid)) return second;
    await delay(5);
  }
  throw new Error("No other model is loaded.");
}

const commandOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, "utf8");

test("whatever fails on the way out, the first failure is told", async () => {
  const { code, stderr } = await runProgram(home, [], { entry: "failing-chat.ts" });
  expect(code).toBe(1);
  expect(stderr).toContain("sdar-chat: this is a defect of the program");
  expect(stderr).toContain("Error: the first failure");
  expect(stderr).not.toContain("the second failure");
});
