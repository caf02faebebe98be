import { cpSync, existsSync, readdirSync, truncateSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { dataFolder } from "../golden/safetensors.ts";
import { largeCheckpoint } from "./checkpoints.ts";
import { runProgram, scratchFolder } from "./program.ts";

const home = scratchFolder();
const source = path.join(dataFolder, "dense-tiny");

test("convert tells the size of every kind of weights and makes a folder that runs", async () => {
  const to = path.join(home, "made");
  const { code, stdout, stderr } = await runProgram(home, ["convert", source, to, "--name", "Tiny"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(
    /^Tiny: 232,064 parameters; q8 \d+ kB, q4 \d+ kB, f32 [\d.]+ MB\nWriting q8 in blocks of \d+\.\n/,
  );
  const trace = await runProgram(home, ["trace", to, "--ids", "98,489", "--max-tokens", "4"]);
  expect([trace.code, trace.stderr]).toEqual([0, ""]);
});

test.each([
  [["--weights", "f32", "--block-size", "32"], "--block-size is for quantised weights"],
  [["--weights", "q4", "--block-size", "33"], "33"],
  [["--weights", "q3"], "q8, q4, f32"],
  [["--weights", "q8", "--block-size", "0"], "blocks of 0: choose 16, 32"],
  [["--block-length", "0"], "A block length must be a whole number, 1..256, not 0"],
  [["--block-length", "512"], "1..256, not 512"],
  [["--trained", "4,0"], "1..256, not 0"],
  [["--name", ""], "name is empty"],
])("convert refuses %j, exit code 2", async (flags, message) => {
  const { code, stderr } = await runProgram(home, ["convert", source, path.join(home, "never"), ...flags]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(existsSync(path.join(home, "never"))).toBe(false);
});

test("a cut file is named in one sentence, exit code 1, and nothing is left behind", async () => {
  const folder = path.join(home, "cut");
  const broken = path.join(folder, "checkpoint");
  cpSync(source, broken, { recursive: true });
  truncateSync(path.join(broken, "model.safetensors"), 500_000);
  const { code, stdout, stderr } = await runProgram(home, ["convert", broken, path.join(folder, "to")]);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^sdar-chat: .*model\.safetensors.*\n$/);
  expect(readdirSync(folder)).toEqual(["checkpoint"]);
});

test("a target that exists is left alone, exit code 1", async () => {
  const { code, stderr } = await runProgram(home, ["convert", source, home]);
  expect(code).toBe(1);
  expect(stderr).toContain("exists already");
});

test("Ctrl-C stops a conversion and leaves nothing behind", async () => {
  const folder = path.join(home, "stopped");
  const large = largeCheckpoint(path.join(folder, "checkpoint"), 100_000);
  const { code, stdout } = await runProgram(home, ["convert", large, path.join(folder, "to")], {
    onOutput: (child) => child.kill("SIGINT"),
  });
  expect(code).toBe(130);
  expect(stdout).toContain("Writing q8");
  expect(stdout).not.toContain("is whole");
  expect(readdirSync(folder)).toEqual(["checkpoint"]);
});
