import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { runProgram, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
const small = ["--quick", "--max-tokens", "6", "--questions", "1"];

test("a quick run prints tables of at most 100 columns and writes JSON, CSV and a plot", async () => {
  const model = await tinyChatModel("carry-tiny", home);
  const out = path.join(home, "figures");
  const { code, stdout, stderr } = await runProgram(home, [
    "bench",
    "--model",
    model,
    ...small,
    "--by-kind",
    "--out",
    out,
  ]);
  expect([code, stderr]).toEqual([0, ""]);
  for (const part of [
    "rows",
    "memory at 1024 tokens",
    "block length 1",
    "self-speculative b4",
    "On paper",
    "arithmetic",
  ]) {
    expect(stdout).toContain(part);
  }
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  const report = JSON.parse(readFileSync(path.join(out, "bench.json"), "utf8"));
  expect(report.decoding.rows).toHaveLength(6);
  expect(readFileSync(path.join(out, "bench.csv"), "utf8").split("\r\n")).toHaveLength(8);
  expect(readFileSync(path.join(out, "bench.svg"), "utf8")).toContain("self_speculative");
});

test("strategies, block lengths, thresholds and prompts are those that are asked for", async () => {
  const model = await tinyChatModel("dense-tiny", home);
  const prompts = path.join(home, "prompts.jsonl");
  writeFileSync(prompts, 'One.\n{"prompt": "Two.", "kind": "count"}\n');
  const wanted = ["--strategies", "low_confidence_dynamic", "--block-lengths", "2,8", "--thresholds", "0.5"];
  const { code, stdout } = await runProgram(home, [
    "bench",
    "--model",
    model,
    ...small,
    ...wanted,
    "--prompts",
    prompts,
    "--json",
  ]);
  expect(code).toBe(0);
  const { decoding } = JSON.parse(stdout);
  expect(decoding.rows.map((row: { name: string }) => row.name)).toEqual([
    "block length 1",
    "dynamic 0.5 b2",
    "dynamic 0.5 b8",
  ]);
  expect(Object.keys(decoding.kinds[0].kinds)).toEqual(["file", "count"]);
});

test.each([
  [["--strategies", "fast"], "--strategies must be one of sequential"],
  [["--thresholds", "0.9,2"], "--thresholds must be a number, 0..1, not 2."],
  [["--peer", "ollama"], '--peer must be llama.cpp, not "ollama".'],
  [["--peer", "llama.cpp"], "add --peer-model FILE."],
])("%j is refused before anything is measured, exit code 2", async (wanted, message) => {
  const { code, stdout, stderr } = await runProgram(home, ["bench", ...wanted]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
});
