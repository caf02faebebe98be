import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { keys, project, PseudoTerminal } from "../real/pseudo-terminal.ts";
import { cleanEnvironment, runProgram, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
const model = await tinyChatModel("carry-tiny", home);
const asking = ["ask", "--json", "--control", "--model", model, "--strategy", "sequential"];

interface Line {
  readonly type: string;
  readonly settings?: { readonly blockLength: number; readonly topK: number };
  readonly reason?: string;
  readonly text?: string;
}

const eventsOf = (text: string): Line[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line): Line => JSON.parse(line));

test("commands on standard input turn knobs and end the answer, and the program does not wait for more", async () => {
  const commands = [{ type: "adjust", change: { blockLength: 8, "top-k": 5 } }, { type: "stop" }];
  const { code, stdout, stderr } = await runProgram(home, [...asking, "--max-tokens", "20000", "hi"], {
    staysOpen: true,
    onOutput: ({ stdin }) => stdin?.write(commands.map((each) => `${JSON.stringify(each)}\n`).join("")),
  });
  expect([code, stderr]).toEqual([0, ""]);
  const events = eventsOf(stdout);
  expect(events.at(-1)).toMatchObject({ type: "finished", reason: "aborted" });
});

test("a knob that a command turns counts in the passes that follow, and what is no command changes nothing", async () => {
  const input =
    '{"type":"adjust","change":{"topK":7}}\nnonsense\n{"type":"adjust","change":{"topKay":1}}\n{"type":"go"}\n';
  const { code, stdout, stderr } = await runProgram(home, [...asking, "--max-tokens", "40", "hi"], { input });
  expect(code).toBe(0);
  const tops = eventsOf(stdout).flatMap(({ type, settings }) =>
    type === "denoised" ? [settings?.topK] : [],
  );
  expect(tops.at(-1)).toBe(7);
  expect(stderr.split("\n").slice(0, 3)).toEqual([
    expect.stringContaining("Line 2 of the commands: It is not JSON"),
    'sdar-chat: Line 3 of the commands: There is no setting "topKay". Did you mean topK?',
    'sdar-chat: Line 4 of the commands: It has no "type" of "adjust" or "stop".',
  ]);
});

test("a chat writes the engine's events beside its screen, each answer behind what was asked", async () => {
  const file = path.join(home, "events.jsonl");
  const program = path.join(project, "bin/sdar-chat.js");
  const argv = [
    program,
    "--model",
    model,
    "--no-save",
    "--max-tokens",
    "12",
    "--view",
    "live",
    "--events",
    file,
  ];
  const chat = new PseudoTerminal(process.execPath, argv, { env: cleanEnvironment(home) });
  onTestFinished(() => chat.child.kill("SIGKILL"));
  for (const question of ["one", "two"]) {
    await chat.until(/^> message/m);
    await chat.press(question, keys.enter);
    await chat.until(new RegExp(`^> ${question}$[^]*tok/s`, "m"));
  }
  await chat.press("/quit", keys.enter);
  expect(await chat.exit).toBe(0);
  const events = eventsOf(readFileSync(file, "utf8"));
  const asked = events.flatMap(({ type, text }) => (type === "asked" ? [text] : []));
  expect(asked).toEqual(["one", "two"]);
  expect(events.filter(({ type }) => type === "finished").map(({ text }) => typeof text)).toEqual([
    "string",
    "string",
  ]);
  expect(events.some(({ type }) => type === "denoised")).toBe(true);
});

test("a file for the events that cannot be written is refused before the chat opens", async () => {
  const program = path.join(project, "bin/sdar-chat.js");
  const argv = [program, "--model", model, "--events", path.join(home, "no", "such", "folder")];
  const chat = new PseudoTerminal(process.execPath, argv, { env: cleanEnvironment(home) });
  expect(await chat.exit).toBe(1);
  expect(chat.page()).toContain("cannot be written for --events: ENOENT");
  expect(chat.page()).toContain("Name another file.");
});
