import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cursorIsShown, keys, project, PseudoTerminal } from "../real/pseudo-terminal.ts";
import { cleanEnvironment, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
const model = await tinyChatModel("carry-tiny", home);
// The build, for Node runs no JSX.
const program = path.join(project, "bin/sdar-chat.js");
const short = ["--model", model, "--max-tokens", "12", "--view", "live"];

function open(env: Readonly<Record<string, string>>, before: string, ...args: string[]): PseudoTerminal {
  const argv = ["-c", `${before}; exec "$0" "$@"`, process.execPath, program, ...args];
  const terminal = new PseudoTerminal("bash", argv, { env: { ...cleanEnvironment(home), ...env } });
  onTestFinished(() => terminal.child.kill("SIGKILL"));
  return terminal;
}

const sizeless = "stty cols 0 rows 0";

test("a terminal that does not say its size is drawn on as one of 80 columns", async () => {
  const chat = open({}, sizeless, ...short);
  await chat.until(/^sdar-chat \d[^]*^> message, or/m);
  await chat.press("hello", keys.enter);
  await chat.until(/^> hello$[^]*tok\/s/m);
  await chat.press("/quit", keys.enter);
  expect(await chat.exit).toBe(0);
});

test("in lines it gets whole ones too", async () => {
  const chat = open({ TERM: "dumb" }, sizeless, ...short);
  await chat.until(/^> ?$/m);
  await chat.press("/nonesuch", keys.enter);
  await chat.until(/^\[There is no command \/nonesuch\. .{10,}\]$/m);
  await chat.press("/quit", keys.enter);
  expect(await chat.exit).toBe(0);
});

test("doctor says that the terminal does not say its size", async () => {
  const doctor = open({}, sizeless, "doctor", "--model", model);
  expect(await doctor.exit).toBe(0);
  expect(doctor.page()).toMatch(/it does not say its size; 80 columns, 24 rows are assumed/);
});

test("of a command of several lines that was refused nothing stays in the prompt", async () => {
  const chat = open({ TERM: "dumb" }, "true", ...short);
  await chat.until(/^> ?$/m);
  await chat.press("/nonesuch one\rtwo\r");
  await chat.until(/There is no command \/nonesuch/);
  await chat.press("hello", keys.enter);
  await chat.until(/Cut at the limit/);
  expect(chat.page()).toMatch(/^> hello$/m);
  await chat.press("/quit", keys.enter);
  expect(await chat.exit).toBe(0);
});

test.for(["xterm-256color", "dumb"])(
  "where %s cannot be painted the defect is reported, and the terminal given back",
  async (TERM) => {
    const breaking = path.join(import.meta.dirname, "no-segmenter.ts");
    const chat = open({ TERM, NODE_OPTIONS: `--import ${breaking}` }, "true", ...short, "--no-save");
    await chat.until(/^> /m);
    await chat.press("/system 日本", keys.enter);
    await chat.until(/with this system prompt/);
    chat.child.kill("SIGUSR2");
    await chat.until(() => chat.raw.includes("\u0007"));
    await chat.press("/system", keys.enter);
    expect(await chat.exit).toBe(1);
    expect(chat.page()).toContain("this is a defect of the program");
    expect(chat.terminal.modes.bracketedPasteMode).toBe(false);
    expect(cursorIsShown(chat.raw)).toBe(true);
  },
);
