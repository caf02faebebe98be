import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { largeCheckpoint, smallCheckpoint } from "./checkpoints.ts";
import { runProgram, scratchFolder } from "./program.ts";

const home = scratchFolder();
const patience = 300_000;

/** A folder for temporary files of one run alone. */
function temporaryFolder(name: string): string {
  const folder = path.join(home, name);
  mkdirSync(folder);
  return folder;
}

const kindsIn = (file: string): string[] =>
  JSON.parse(readFileSync(file, "utf8")).map(({ kind }: { kind: string }) => kind);

test("bench --checkpoint compares the kinds of weights, writes them to --out and leaves nothing behind", async () => {
  const [TMPDIR, out] = [temporaryFolder("whole"), path.join(home, "figures")];
  const args = ["bench", "--checkpoint", smallCheckpoint(path.join(home, "small")), "--out", out];
  const { code, stdout, stderr } = await runProgram(home, args, { env: { TMPDIR } });
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/\nf32 .*\nq8 .*\nq4 /);
  expect(kindsIn(path.join(out, "weights.json"))).toEqual(["f32", "q8", "q4"]);
  expect(readFileSync(path.join(out, "weights.csv"), "utf8")).toMatch(/^kind,bytes,tokens,mean\r\nf32,/);
  expect(readdirSync(TMPDIR)).toEqual([]);
});

test(
  "Ctrl-C ends bench --checkpoint with the figures so far, and nothing is left behind",
  async () => {
    const [TMPDIR, out] = [temporaryFolder("cut"), path.join(home, "cut-figures")];
    const checkpoint = largeCheckpoint(path.join(home, "large"), 40_000);
    const args = ["bench", "--checkpoint", checkpoint, "--out", out];
    const { code, stdout } = await runProgram(home, args, {
      env: { TMPDIR },
      onStart: async (child) => {
        while (child.exitCode === null && !hasBegun(TMPDIR, "q8")) await delay(5);
        child.kill("SIGINT");
      },
    });
    expect(code).toBe(130);
    expect(stdout).toMatch(/\nf32 /);
    expect(stdout).not.toMatch(/\nq8 /);
    expect(kindsIn(path.join(out, "weights.json"))).toEqual(["f32"]);
    expect(readdirSync(TMPDIR)).toEqual([]);
  },
  patience,
);

test("a signal before the first figure leaves neither output nor files", async () => {
  const [TMPDIR, out] = [temporaryFolder("early"), path.join(home, "no-figures")];
  const checkpoint = largeCheckpoint(path.join(home, "larger"), 100_000);
  const { code, stdout } = await runProgram(home, ["bench", "--checkpoint", checkpoint, "--out", out], {
    env: { TMPDIR },
    onStart: async (child) => {
      while (child.exitCode === null && !hasBegun(TMPDIR, "f32")) await delay(5);
      child.kill("SIGTERM");
    },
  });
  expect([code, stdout, existsSync(out)]).toEqual([143, "", false]);
  expect(readdirSync(TMPDIR)).toEqual([]);
});

test.each([
  [["--rounds", "2"], "--rounds"],
  [["--block-lengths", "4"], "--block-lengths"],
  [["--model", "x"], "--model"],
  [["--temperature", "1"], "--temperature"],
])("%j does not go with --checkpoint", async (flags, name) => {
  const { code, stdout, stderr } = await runProgram(home, ["bench", "--checkpoint", "nowhere", ...flags]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toBe(
    `sdar-chat: ${name} does not go with --checkpoint, which takes --device, --threads, --out and --json.\n`,
  );
});

/** Whether the run has come to a kind of weights. */
function hasBegun(temporary: string, kind: string): boolean {
  const [scratch] = readdirSync(temporary);
  return (
    scratch !== undefined && readdirSync(path.join(temporary, scratch)).some((name) => name.startsWith(kind))
  );
}
