import { appendFileSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { runProgram, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
const model = await tinyChatModel("carry-tiny", home);
const small = await tinyChatModel("carry-tiny", path.join(home, "small"), 64);
const few = ["--max-tokens", "24"];
const many = ["--max-tokens", "20000", "--strategy", "sequential"];

const cut = "sdar-chat: the answer was cut at 24 tokens; --max-tokens allows more.\n";

interface Line {
  readonly type: string;
  readonly promptTokens?: number;
  readonly slots?: readonly { label: string }[];
  readonly text?: string;
  readonly reason?: string;
}

async function askForEvents(args: readonly string[], input = ""): Promise<Line[]> {
  const { code, stdout } = await runProgram(home, ["ask", "--model", model, ...few, "--json", ...args], {
    input,
  });
  expect(code).toBe(0);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("the answer is all that stands on standard output, and ends with a newline", async () => {
  const [plain, events] = await Promise.all([
    runProgram(home, ["ask", "--model", model, ...few, "hello"]),
    askForEvents(["hello"]),
  ]);
  expect([plain.code, plain.stderr]).toEqual([0, cut]);
  expect(plain.stdout).toBe(`${events.at(-1)?.text}\n`);
});

test("with --json every line is an event, and the texts of the finished blocks make up the answer", async () => {
  const all = await askForEvents(["hello"]);
  expect(all.slice(0, 3).map(({ type }) => type)).toEqual(["prefilled", "block_opened", "denoised"]);
  expect(all[2]?.slots?.every(({ label }) => label !== "")).toBe(true);
  const texts = all.filter(({ type }) => type === "block_finished").map(({ text }) => text);
  expect(texts.length).toBeGreaterThan(1);
  expect(all.at(-1)).toMatchObject({ type: "finished", reason: "length" });
  expect(all.at(-1)?.text?.startsWith(texts.join(""))).toBe(true);
});

test("standard input that does not end is spoken of", async () => {
  const run = await runProgram(home, ["ask", "--model", model, ...few, "hello"], {
    staysOpen: true,
    onComplaint: ({ stdin }) => stdin?.end(),
  });
  expect(run.code).toBe(0);
  expect(run.stderr).toBe(`sdar-chat: reading standard input: end it, or run with < /dev/null\n${cut}`);
});

test("--file sends files along as the chat's @file does, and names the one that cannot go", async () => {
  const file = path.join(home, "said.txt");
  writeFileSync(file, "so it is\n");
  const [withFile, typed] = await Promise.all([
    askForEvents(["--file", file, "why?"]),
    askForEvents([`why?\n\n${file}:\n\`\`\`txt\nso it is\n\`\`\``]),
  ]);
  expect(withFile[0]?.promptTokens).toBe(typed[0]?.promptTokens);
  expect(withFile.at(-1)?.text).toBe(typed.at(-1)?.text);
  const missing = await runProgram(home, ["ask", "--model", model, "-f", file, "-f", "nothing.txt", "why?"]);
  expect(missing.stdout).toBe("");
  expect(missing.stderr).toBe("sdar-chat: There is no file nothing.txt.\n");
  expect(missing.code).toBe(1);
});

test("arguments and what is piped in make one prompt", async () => {
  const runs = await Promise.all([
    askForEvents(["a", "b"], "c\n"),
    askForEvents(["a b\n\nc"]),
    askForEvents([], "a b\n\nc\n"),
  ]);
  expect(new Set(runs.map((all) => all.at(-1)?.text)).size).toBe(1);
});

test("a system prompt stands before the question", async () => {
  const [without, within] = await Promise.all([
    askForEvents(["hi"]),
    askForEvents(["--system", "Be brief.", "hi"]),
  ]);
  expect(within[0]?.promptTokens).toBeGreaterThan(without[0]?.promptTokens ?? Infinity);
});

test("--stats names three rates on standard error", async () => {
  const { stderr } = await runProgram(home, ["ask", "--model", model, ...few, "--stats", "hello"]);
  expect(stderr).toMatch(
    /^24 tokens in [\d.]+ s, [\d.]+ tokens\/s, [\d.]+ tokens a pass, [\d.]+ passes\/s, /,
  );
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s stops the answer, keeps what was printed and exits with %i", async (signal, exitCode) => {
  const { code, stdout, stderr } = await runProgram(home, ["ask", "--model", model, ...many, "hello"], {
    onOutput: (child) => child.kill(signal),
  });
  expect([code, stderr]).toEqual([exitCode, ""]);
  expect(stdout).toMatch(/\n$/);
});

test.skipIf(process.platform !== "linux")(
  "the death of the engine's process is said, exit code 1",
  async () => {
    const { code, stderr } = await runProgram(home, ["ask", "--model", model, ...many, "hello"], {
      onOutput: ({ pid }) =>
        process.kill(Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")), "SIGKILL"),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^sdar-chat: The engine's process ended unexpectedly \(SIGKILL\).*\n$/);
  },
);

test("a closed standard output ends the program quietly", async () => {
  const { code, stderr } = await runProgram(home, ["ask", "--model", model, ...many, "hello"], {
    onOutput: (child) => child.stdout?.destroy(),
  });
  expect([code, stderr]).toEqual([0, ""]);
});

test.skipIf(process.platform !== "linux")("a full disk under standard output is said", async () => {
  const { code, stderr } = await runProgram(home, ["ask", "--model", model, ...few, "hello"], {
    output: openSync("/dev/full", "w"),
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^sdar-chat: The output cannot be written: ENOSPC.*\n$/);
});

test("a prompt longer than the context is refused in numbers, exit code 4", async () => {
  const { code, stdout, stderr } = await runProgram(home, ["ask", "--model", small], {
    input: "long ".repeat(80),
  });
  expect([code, stdout]).toEqual([4, ""]);
  expect(stderr).toMatch(/^sdar-chat: .*\d+ tokens.* 64.*\n$/);
});

test("an answer that fills the context is printed, its cut is said, exit code 4", async () => {
  const { code, stdout, stderr } = await runProgram(home, ["ask", "--model", small, "hi"]);
  expect(code).toBe(4);
  expect(stdout).not.toBe("");
  expect(stderr).toContain("the context of 64 tokens is full");
});

test("a damaged file of the model is named, exit code 3", async () => {
  const damaged = await tinyChatModel("carry-tiny", path.join(home, "damaged"));
  appendFileSync(path.join(damaged, "model.onnx.data"), "x");
  const { code, stdout, stderr } = await runProgram(home, ["ask", "--model", damaged, "hi"]);
  expect([code, stdout]).toEqual([3, ""]);
  expect(stderr).toContain(`model.onnx.data in ${damaged} is damaged`);
});

test("folders that cannot be made do not stop an answer", async () => {
  const blocked = path.join(home, "blocked");
  writeFileSync(blocked, "a file in the way");
  const { code, stderr } = await runProgram(blocked, ["ask", "--model", model, ...few, "hello"]);
  expect([code, stderr]).toEqual([0, cut]);
});

test("settings of the configuration file count", async () => {
  const own = path.join(home, "own");
  mkdirSync(path.join(own, "config", "sdar-chat"), { recursive: true });
  const settings = { model, maxTokens: 5, strategy: "sequential" };
  writeFileSync(path.join(own, "config", "sdar-chat", "config.json"), JSON.stringify(settings));
  const { code, stderr } = await runProgram(own, ["ask", "hello"]);
  expect([code, stderr]).toEqual([0, cut.replace("24", "5")]);
  expect(readFileSync(path.join(own, "cache", "sdar-chat", "checksums.json"), "utf8")).toContain(
    "carry-tiny",
  );
});

test("a knob that the strategy makes nothing of is spoken of", async () => {
  const idle = ["--threshold", "0.8", "--strategy", "self_speculative", "--seed", "3"];
  const { code, stderr } = await runProgram(home, ["ask", "--model", model, ...few, ...idle, "hello"]);
  expect(code).toBe(0);
  expect(stderr).toBe(
    `sdar-chat: --threshold has no effect with self_speculative; it counts with low_confidence_dynamic.\n${cut}`,
  );
});
