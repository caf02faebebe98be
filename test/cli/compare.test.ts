import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { runProgram, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
const model = await tinyChatModel("carry-tiny", home);
const few = ["--model", model, "--max-tokens", "24"];

test("with --json both sides are one object, and where they part is counted in tokens", async () => {
  const sides = ["strategy=sequential", "strategy=low_confidence_dynamic,threshold=0"];
  const { code, stdout, stderr } = await runProgram(home, ["compare", ...sides, ...few, "--json"], {
    input: "hello",
  });
  expect([code, stderr]).toEqual([0, ""]);
  const found = JSON.parse(stdout);
  const [a, b] = found.sides;
  expect(found.question).toBe("hello");
  expect([a.name, b.name]).toEqual(sides);
  expect([a.settings.strategy, b.settings.threshold]).toEqual(["sequential", 0]);
  expect([a.tokens, b.tokens]).toEqual([24, 24]);
  expect(a.passes).toBe(24);
  expect(b.passes).toBeLessThan(8);
  const at = a.ids.findIndex((id: number, index: number) => id !== b.ids[index]);
  expect(found.parting?.at ?? -1).toBe(at);
});

test("for people the counts stand beside one another", async () => {
  const { code, stdout } = await runProgram(home, ["compare", "now", "now", ...few, "hello"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ +now +now\ntokens +24 +24\npasses +(\d+) +\1 {2}1\.00x\n/);
  expect(stdout).toMatch(/ended +at the limit +at the limit\nBoth texts are the same, token by token\.\n$/);
});

test("stopped by a signal it prints what there is, and its exit code says so", async () => {
  const endless = ["--model", model, "--max-tokens", "20000", "--strategy", "sequential"];
  const run = runProgram(home, ["compare", "now", "now", ...endless, "hello"], {
    onStart: async ({ pid }) => {
      await untilListening(pid);
      process.kill(pid ?? 0, "SIGTERM");
    },
  });
  expect((await run).code).toBe(143);
  expect((await run).stdout).toMatch(/stopped/);
});

/** Until the process has something to finish when it is asked to end: then it listens to SIGHUP, the first bit. */
async function untilListening(pid: number | undefined): Promise<void> {
  const caught = () => /^SigCgt:\s*(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
  while ((Number.parseInt(caught().slice(-1), 16) & 1) === 0) await delay(5);
}

test("where the context cuts an answer, both are printed, the cut is said, exit code 4", async () => {
  const small = await tinyChatModel("carry-tiny", path.join(home, "small"), 64);
  const { code, stdout, stderr } = await runProgram(home, ["compare", "now", "now", "--model", small, "hi"]);
  expect(code).toBe(4);
  expect(stdout).toMatch(/ended +context full +context full\n/);
  expect(stderr).toBe(
    "sdar-chat: an answer was cut: the context of 64 tokens is full. Ask with a shorter prompt.\n",
  );
});

test.for([
  [["quick", "now", "hello"], 2, '"quick" is no way to decode.'],
  [["now", "threshold=7", "hello"], 2, "threshold must be a number, 0..1, not 7."],
  [["now", "careful"], 2, "The prompt is empty."],
] as const)("%j is refused in a sentence", async ([words, code, sentence]) => {
  const run = await runProgram(home, ["compare", ...few, ...words]);
  expect(run.code).toBe(code);
  expect(run.stderr).toContain(sentence);
});
