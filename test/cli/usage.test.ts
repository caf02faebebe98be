import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { runProgram, scratchFolder } from "./program.ts";

const home = scratchFolder();

test("the version is the package's", async () => {
  const { code, stdout, stderr } = await runProgram(home, ["--version"]);
  expect([code, stdout, stderr]).toEqual([0, `${packageJson.version}\n`, ""]);
});

test("help lists the commands, the exit codes and where settings are kept", async () => {
  const { code, stdout } = await runProgram(home, ["--help"]);
  expect(code).toBe(0);
  for (const part of [
    "ask",
    "convert",
    "doctor",
    "trace",
    "130  stopped by Ctrl-C",
    path.join(home, "config"),
  ]) {
    expect(stdout).toContain(part);
  }
});

const commands = ["chat", "ask", "compare", "replay", "convert", "doctor", "trace", "bench"];

test.each([[], ...commands.map((name) => [name])])(
  "--help of %s fits a terminal of 80 columns",
  async (...args) => {
    const env = { COLUMNS: "80" };
    const { stdout } = await runProgram(home, [...args, "--help"], { env });
    const shown = stdout.replaceAll(home, "/home/somebody");
    expect(shown.split("\n").filter((line) => line.length > 80)).toEqual([]);
  },
);

test.each(commands)("%s --help has examples and, once, the exit codes", async (command) => {
  const { code, stdout } = await runProgram(home, [command, "--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain(`Examples:\n  sdar-chat${command === "chat" ? "" : ` ${command}`}`);
  expect(stdout.match(/^ {2}130 {2}stopped by Ctrl-C$/gm)).toHaveLength(1);
});

test.each([
  [["--frobnicate"], "unknown option '--frobnicate'"],
  [["ask", "--block-length", "0", "hi"], "--block-length must be a whole number, 1..256, not 0."],
  [["doktor"], '"doktor" is not a command. Did you mean doctor?'],
  [["why"], '"why" is not a command. There are: chat, ask,'],
  [["--modle", "x"], "unknown option '--modle'. Did you mean --model?"],
  [["--seed", "1", "ask", "hi"], "Options of ask come after it"],
  [["convert", "from"], "missing required argument 'to'"],
  [["trace", "model", "--ids", "1;2"], "--ids must be whole numbers"],
])("the command line %j is refused in one line, exit code 2", async (args, message) => {
  const { code, stdout, stderr } = await runProgram(home, args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^sdar-chat: .*\n$/);
  expect(stderr).toContain(message);
});

test("a wrong variable is refused by name, exit code 2", async () => {
  const { code, stderr } = await runProgram(home, ["ask", "hi"], { env: { SDAR_CHAT_THRESHOLD: "2" } });
  expect([code, stderr]).toEqual([2, "sdar-chat: SDAR_CHAT_THRESHOLD must be a number, 0..1, not 2.\n"]);
});

test("a wrong configuration file is refused with its path, exit code 2", async () => {
  const other = path.join(home, "wrong");
  mkdirSync(path.join(other, "config", "sdar-chat"), { recursive: true });
  const file = path.join(other, "config", "sdar-chat", "config.json");
  writeFileSync(file, '{ "treshold": 0.5 }');
  const { code, stderr } = await runProgram(other, ["ask", "hi"]);
  expect(code).toBe(2);
  expect(stderr).toContain(`sdar-chat: "treshold" in ${file} is not a setting.`);
});

test("SDAR_CHAT_CONFIG names another configuration file, which must be there; empty, none is read", async () => {
  const other = path.join(home, "wrong");
  const ask = async (file: string) => await runProgram(other, ["ask"], { env: { SDAR_CHAT_CONFIG: file } });
  const [missing, none] = [await ask(path.join(home, "nowhere.json")), await ask("")];
  expect([missing.code, none.code]).toEqual([1, 2]);
  expect(missing.stderr).toContain("nowhere.json cannot be read");
  expect(none.stderr).toContain("The prompt is empty.");
});

test("an empty prompt is refused, exit code 2", async () => {
  const { code, stdout, stderr } = await runProgram(home, ["ask"], { input: " \n" });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toBe(
    'sdar-chat: The prompt is empty. Give it as an argument (sdar-chat ask "why?") or pipe it in.\n',
  );
});

test.each([
  ["a zero byte", Uint8Array.of(104, 105, 0, 1), "Standard input is not text: byte 2 is 0."],
  [
    "bytes that are not UTF-8",
    Uint8Array.of(104, 0xff, 0xfe),
    "Standard input is not text: it is not UTF-8.",
  ],
])("%s on standard input is refused, exit code 2", async (_what, input, message) => {
  const { code, stdout, stderr } = await runProgram(home, ["ask", "summarise"], { input });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
});

test("an unknown model is named with the models there are, exit code 3", async () => {
  const { code, stdout, stderr } = await runProgram(home, ["ask", "--model", "nowhere", "hi"]);
  expect([code, stdout]).toEqual([3, ""]);
  expect(stderr).toMatch(/^sdar-chat: There is no model nowhere: .* sdar-chat convert CHECKPOINT .*\n$/);
});

test("without a terminal a chat is refused and ask is named", async () => {
  const { code, stdout, stderr } = await runProgram(home, []);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("sdar-chat ask");
});
