import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { checkWritable } from "../../src/cli/doctor/folders.ts";
import { runProgram, scratchFolder } from "./program.ts";
import { tinyChatModel } from "./tiny-model.ts";

interface Report {
  readonly healthy: boolean;
  readonly checks: readonly { name: string; state: string; text: string; todo?: string }[];
}

const home = scratchFolder();
const model = await tinyChatModel("dense-tiny", home);

async function doctor(folders: string, ...args: string[]) {
  const { code, stdout } = await runProgram(folders, ["doctor", "--json", ...args]);
  const report: Report = JSON.parse(stdout);
  const find = (name: string) => report.checks.find((check) => check.name === name);
  return { code, healthy: report.healthy, find, names: report.checks.map((check) => check.name) };
}

test("with a whole model everything is looked at, the engine runs, and only the terminal is missing", async () => {
  const { code, healthy, find, names } = await doctor(home, "--model", model, "--threads", "1");
  expect([code, healthy]).toEqual([0, true]);
  expect(names).toEqual(
    "node settings processors model checksums memory engine data cache terminal".split(" "),
  );
  expect(find("engine")?.text).toMatch(
    /^cpu \(ONNX Runtime \d+\.\d+\.\d+\), 1 threads; loaded in \d+ ms, one token in/,
  );
  expect(find("terminal")).toMatchObject({
    state: "warning",
    text: "standard output is not a terminal here",
  });
});

test("the report for people says the same in lines", async () => {
  const { code, stdout } = await runProgram(home, ["doctor", "--model", model]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^sdar-chat \d.*\nok +node +\d/);
  expect(stdout).toMatch(/\nwarning +terminal +.*\n +Chat in a terminal; in pipes use sdar-chat ask\.\n$/);
});

test("a damaged model is a problem, and its engine is not started", async () => {
  const damaged = await tinyChatModel("dense-tiny", path.join(home, "damaged"));
  appendFileSync(path.join(damaged, "model.onnx"), "x");
  const { code, healthy, find } = await doctor(home, "--model", damaged);
  expect([code, healthy]).toEqual([1, false]);
  expect(find("checksums")).toMatchObject({ state: "problem" });
  expect(find("checksums")?.text).toContain("model.onnx in ");
  expect(find("engine")).toBeUndefined();
});

test("a model that is not there is a problem", async () => {
  const { code, find } = await doctor(home, "--model", path.join(home, "nowhere"));
  expect(code).toBe(1);
  expect(find("model")?.text).toContain("There is no model");
});

test("folders that cannot be made are warnings that say what will be missing", async () => {
  const blocked = path.join(home, "blocked");
  writeFileSync(blocked, "a file in the way");
  const { code, find } = await doctor(blocked, "--model", model);
  expect(code).toBe(0);
  expect(find("data")).toMatchObject({ state: "warning" });
  expect(find("data")?.todo).toMatch(/^Conversations will not be saved\. .* XDG_DATA_HOME\.$/);
  expect(find("cache")?.todo).toContain("XDG_CACHE_HOME");
});

test.each([
  ["linux", "Make that path writable, or name another folder with XDG_CACHE_HOME."],
  ["win32", "Make that path writable, or name another folder with LOCALAPPDATA."],
  ["darwin", "Make that path writable."],
] as const)("on %s the advice names a variable that counts there", async (system, advice) => {
  const blocked = path.join(home, `blocked-${system}`);
  writeFileSync(blocked, "a file in the way");
  const { todo } = await checkWritable("cache", path.join(blocked, "sdar-chat"), "Slow.", system);
  expect(todo).toBe(`Slow. ${advice}`);
});

test("a wrong configuration file is a problem with its name", async () => {
  const other = path.join(home, "other");
  mkdirSync(path.join(other, "config", "sdar-chat"), { recursive: true });
  writeFileSync(path.join(other, "config", "sdar-chat", "config.json"), "{");
  const { code, find } = await doctor(other);
  expect(code).toBe(1);
  expect(find("settings")).toMatchObject({ state: "problem" });
  expect(find("settings")?.text).toContain("config.json is not JSON");
});
