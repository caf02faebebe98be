import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { keys, project, PseudoTerminal } from "../real/pseudo-terminal.ts";
import { cleanEnvironment, runProgram, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
const model = await tinyChatModel("carry-tiny", home);
const other = await tinyChatModel("dense-tiny", home);
const folders = path.join(home, "folders");
const transcripts = path.join(folders, "data", "sdar-chat", "transcripts");

function open(...args: string[]): PseudoTerminal {
  // The build, for Node runs no JSX.
  const program = path.join(project, "bin/sdar-chat.js");
  const terminal = new PseudoTerminal(process.execPath, [program, ...args], {
    env: cleanEnvironment(folders),
  });
  onTestFinished(() => terminal.child.kill("SIGKILL"));
  return terminal;
}

/** One thing after the other, for what comes in one piece is a paste. */
async function send(terminal: PseudoTerminal, text: string): Promise<void> {
  await terminal.press(text);
  await terminal.until((window) => window.includes(`> ${text}`));
  await terminal.press(keys.enter);
  await terminal.until(/^> message/m);
}

/** A real chat of two answers, the second drawn at random. */
async function chat(): Promise<string> {
  const terminal = open("--model", model, "--doubt", "off", "--max-tokens", "12", "--view", "live");
  await terminal.until(/^> ?/m);
  await send(terminal, "hello there");
  await terminal.until(/\d tok\/s/);
  await send(terminal, "/set temperature 0.8");
  await send(terminal, "and you?");
  await terminal.until(/> and you\?[^]*T0\.8[^]*\d tok\/s/);
  await terminal.press("/quit", keys.enter);
  expect(await terminal.exit).toBe(0);
  return path.join(transcripts, readdirSync(transcripts)[0] ?? "");
}

let saved: Promise<string> | undefined;
const savedChat = () => (saved ??= chat());

const verify = (file: string, ...args: string[]) =>
  runProgram(folders, ["replay", file, "--verify", "--model", model, ...args]);

/** A copy of the conversation with its text changed. */
async function altered(name: string, change: (text: string) => string): Promise<string> {
  const file = path.join(home, name);
  writeFileSync(file, change(readFileSync(await savedChat(), "utf8")));
  return file;
}

test("a saved chat verifies, all of it or one answer, by path or by the end of its name", async () => {
  const file = await savedChat();
  const all = await verify(file);
  expect(all).toMatchObject({ code: 0, stderr: "" });
  expect(all.stdout).toMatch(/^\d+ steps of 2 answers are the same\.\n$/);
  const second = await verify(path.basename(file, ".jsonl").slice(-4), "--answer", "2", "--json");
  expect(second).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(second.stdout)).toMatchObject({ same: true, answers: 1, is: { device: "cpu" } });
});

/** Moves the probability of the first slot that a step placed. */
const moved = (line: string) =>
  line.replace(/(\[\[\d+,\d+,)(\d+)/, (_, head: string, value: string) => head + (Number(value) ^ 4096));

test("a step that was tampered with is named, exit code 1", async () => {
  const file = await altered("tampered.jsonl", (text) => {
    const lines = text.split("\n");
    const block = lines.findLastIndex((line) => line.startsWith('{"type":"block","number":1'));
    return lines.with(block, moved(lines[block] ?? "")).join("\n");
  });
  const { code, stdout } = await verify(file);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^Answer 2 differs at step \d+ \(block 2, step 1 of it\), slot \d: then ".*" \d\.\d{5} placed, now /,
  );
  expect(stdout).toMatch(
    /\nThe \d+ steps before it are the same\.\nthen: sdar-chat .*, cpu, .*\nnow: {2}sdar-chat /,
  );
  const json = await verify(file, "--json");
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({
    same: false,
    answers: 1,
    difference: { answer: 2, block: 2, blockStep: 1, was: { placed: true }, is: { placed: true } },
  });
});

test("other weights are said, and differ", async () => {
  const { code, stdout, stderr } = await runProgram(folders, [
    "replay",
    await savedChat(),
    "--verify",
    "--model",
    other,
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^sdar-chat: the conversation was held with .* \([0-9a-f]{12}\); this is .*\n$/);
  expect(stdout).toMatch(/^Answer 1 differs at step 1 /);
});

test("a damaged conversation is read up to the damage, which is said", async () => {
  const file = await altered("damaged.jsonl", (text) => {
    const lines = text.split("\n");
    const second = lines.findLastIndex((line) => line.startsWith('{"type":"ask"'));
    return lines.with(second, '{"type":"nonsense"}').join("\n");
  });
  const { code, stdout, stderr } = await verify(file);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+ steps of 1 answer are the same\.\n$/);
  expect(stderr).toMatch(
    /^sdar-chat: .*damaged\.jsonl is damaged after \d+ bytes: one answer could be read.*\n$/,
  );
});

test.each([
  ["no-such-chat", [], 2, "There is no saved conversation no-such-chat"],
  ["SHA256SUMS", [], 1, "is no conversation that sdar-chat saved."],
  [undefined, ["--answer", "3"], 2, "There is no answer 3: the conversation has 2 answers."],
  [undefined, ["--answer", "0"], 2, "--answer counts from 1."],
])("%j with %j is refused in a sentence", async (name, args, exit, message) => {
  const file = name === undefined ? await savedChat() : name === "SHA256SUMS" ? path.join(model, name) : name;
  const { code, stdout, stderr } = await verify(file, ...args);
  expect([code, stdout]).toEqual([exit, ""]);
  expect(stderr).toMatch(/^sdar-chat: .*\n$/);
  expect(stderr).toContain(message);
});

test("without a terminal there is no replay to see, and --json goes with --verify", async () => {
  const file = await savedChat();
  const blind = await runProgram(folders, ["replay", file, "--model", model]);
  expect([blind.code, blind.stderr]).toEqual([
    2,
    "sdar-chat: A replay needs a terminal. Without one there is: sdar-chat replay FILE --verify\n",
  ]);
  expect((await runProgram(folders, ["replay", file, "--json"])).code).toBe(2);
});

test("a saved answer is shown on a screen of its own and leaves the terminal as it was", async () => {
  const file = await savedChat();
  const terminal = open("replay", file, "--model", model);
  await terminal.until(/^replay .*answer 2 of 2.*"and you\?"/m);
  expect(terminal.terminal.buffer.active.type).toBe("alternate");
  await terminal.press("g");
  await terminal.until(/step 1 of \d+ {2}block 1 of/);
  await terminal.press("]");
  await terminal.until(/block 2 of/);
  await terminal.press("q");
  expect(await terminal.exit).toBe(0);
  expect(terminal.terminal.buffer.active.type).toBe("normal");
  expect(terminal.page().trim()).toBe("");
  const first = open("replay", file, "--answer", "1", "--model", model);
  await first.until(/^replay .*answer 1 of 2.*"hello there"/m);
});
