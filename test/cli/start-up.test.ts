import { expect, test } from "vitest";
import { runProgram, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

const home = scratchFolder();

async function loadedBy(...args: string[]): Promise<string[]> {
  const { stderr } = await runProgram(home, args, { entry: "loaded.ts" });
  return JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "");
}

test.each([["--version"], ["--help"], ["chat", "--help"], ["ask", "--seed", "x"]])(
  "%s %s loads what reads a command line and nothing else",
  async (...args) => {
    expect(await loadedBy(...args)).toEqual(["commander", "env-paths", "is-safe-filename"]);
  },
);

test("an answer in a pipe does not load the screen's part", async () => {
  const model = await tinyChatModel("carry-tiny", home);
  const packages = await loadedBy("ask", "--model", model, "--max-tokens", "2", "hi");
  expect(packages).toContain("@huggingface/transformers");
  expect(packages).not.toContain("ink");
  expect(packages).not.toContain("react");
  expect(packages).not.toContain("protobufjs");
});
