import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { planBench } from "../../src/cli/bench/plan.ts";
import { programPaths } from "../../src/cli/paths.ts";
import { runProgram, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();
/** A run starts three processes and loads the model in two: minutes on a machine that has much else to do. */
const patience = 300_000;

test(
  "a run compares what it is asked to, prints tables of at most 100 columns and writes JSON, CSV and a plot",
  async () => {
    const model = await tinyChatModel("carry-tiny", home);
    const prompts = path.join(home, "prompts.jsonl");
    writeFileSync(prompts, 'One.\n{"prompt": "Two.", "kind": "count"}\n');
    const wanted = [
      "--strategies",
      "low_confidence_dynamic",
      "--block-lengths",
      "2,8",
      "--thresholds",
      "0.5",
    ];
    const small = ["--quick", "--max-tokens", "6", "--questions", "1", "--prompts", prompts];
    const out = path.join(home, "figures");
    const shown = ["--model", model, "--by-kind", "--out", out];
    const { code, stdout, stderr } = await runProgram(home, ["bench", ...shown, ...small, ...wanted]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const part of ["rows", "memory at 1024 tokens", "block length 1", "On paper", "count"]) {
      expect(stdout).toContain(part);
    }
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    const { decoding } = JSON.parse(readFileSync(path.join(out, "bench.json"), "utf8"));
    const names = ["block length 1", "dynamic 0.5 b2", "dynamic 0.5 b8", "auto exact", "auto balanced"];
    expect(decoding.rows.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(Object.keys(decoding.kinds[0].kinds)).toEqual(["file", "count"]);
    expect(readFileSync(path.join(out, "bench.csv"), "utf8").split("\r\n")).toHaveLength(7);
    expect(readFileSync(path.join(out, "bench.svg"), "utf8")).toContain(">low_confidence_dynamic<");
  },
  patience,
);

test.each([
  [{ strategies: "fast" }, "--strategies must be one of sequential"],
  [{ thresholds: "0.9,2" }, "--thresholds must be a number, 0..1, not 2."],
  [{ blockLengths: "4;8" }, '--block-lengths must be a whole number, 1..256, not "4;8".'],
  [{ blockLengths: "0" }, "--block-lengths must be a whole number, 1..256, not 0."],
  [{ prompts: path.join(home, "nowhere.txt") }, "nowhere.txt cannot be read"],
  [{ peer: "ollama" }, '--peer must be llama.cpp, not "ollama".'],
  [{ peerModel: "x.gguf" }, "--peer-model goes with --peer llama.cpp."],
  [{ peer: "llama.cpp" }, "add --peer-model FILE."],
  [{ peer: "llama.cpp", peerModel: "nowhere.gguf" }, "nowhere.gguf cannot be read"],
  [{ peer: "llama.cpp", peerModel: import.meta.filename }, "npm install node-llama-cpp"],
])("%j is refused before anything is measured", async (options, message) => {
  await expect(planBench(options)).rejects.toThrow(message);
});

test("a run knows what is remembered of a GPU", async () => {
  const { engine } = await planBench({
    model: await tinyChatModel("carry-tiny", path.join(home, "planned")),
  });
  expect(engine.deviceMemory).toBe(path.join(programPaths().cache, "devices.json"));
});

test(
  "what fails while a large model decodes is said, though its graph is closed by then",
  async () => {
    const model = await tinyChatModel("carry-tiny", path.join(home, "large"), 300);
    truncateSync(path.join(model, "model.onnx.data"), 1.1e9); // a hole that nothing reads
    const prompts = path.join(home, "long.txt");
    writeFileSync(prompts, "word ".repeat(400));
    const flags = ["--model", model, "--quick", "--bandwidth", "10", "--prompts", prompts];
    const { code, stdout, stderr } = await runProgram(home, [
      "bench",
      ...flags,
      "--strategies",
      "sequential",
    ]);
    expect([code, stdout]).toEqual([4, ""]);
    expect(stderr).toContain("context");
    expect(stderr).not.toContain("disposed");
  },
  patience,
);

test.each([
  [["--strategy", "sequential"], "bench takes no --strategy: --strategies names those to compare."],
  [["--block-length", "8"], "bench takes no --block-length: --block-lengths names those to compare."],
  [["--threshold", "0.5"], "bench takes no --threshold: --thresholds names those to compare."],
  [["--doubt", "fast"], "bench takes no --doubt: exact and balanced are always compared."],
  [["--rounds", "0"], "--rounds must be 1 or more, not 0."],
  [["--questions", "0"], "--questions must be 1..96, not 0."],
  [["--questions", "97"], "--questions must be 1..96, not 97."],
])("bench %j is refused in a sentence, exit code 2", async (flags, sentence) => {
  const { code, stderr } = await runProgram(home, ["bench", "--model", "nowhere", ...flags]);
  expect([code, stderr]).toEqual([2, `sdar-chat: ${sentence}\n`]);
});

test("help lists no option that a comparison would not heed", async () => {
  const { stdout } = await runProgram(home, ["bench", "--help"]);
  expect(stdout).not.toMatch(/^ +--(doubt|strategy|block-length|threshold)[ ]/m);
  expect(stdout).toMatch(/^ +--temperature /m);
});
