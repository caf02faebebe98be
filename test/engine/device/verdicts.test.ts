import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DeviceMemory, type Verdict } from "../../../src/engine/device/verdicts.ts";

const right: Verdict = { kind: "right", rows: 31, divergence: 1e-6, device: [[1, 2]], cpu: [[1, 3]] };
const wrong: Verdict = { kind: "wrong", why: "its numbers are wrong" };

function newFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "devices-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return path.join(folder, "new", "devices.json");
}

test("verdicts are remembered in a file, and a damaged file is as none", () => {
  const file = newFile();
  new DeviceMemory(file).remember("a", wrong);
  new DeviceMemory(file).remember("b", right);
  expect(new DeviceMemory(file).recall("a")).toEqual(wrong);
  expect(new DeviceMemory(file).recall("b")).toEqual(right);
  expect(new DeviceMemory(undefined).recall("a")).toBeUndefined();
  writeFileSync(file, "{");
  expect(new DeviceMemory(file).recall("b")).toBeUndefined();
});

test("while a driver works there is a mark; afterwards what was known before, also if it failed", async () => {
  const memory = new DeviceMemory(newFile());
  const marked = { kind: "begun", pid: process.pid };
  await memory.attempt("a", async () => expect(memory.recall("a")).toEqual(marked));
  expect(memory.recall("a")).toBeUndefined();
  memory.remember("a", right);
  const failing = memory.attempt("a", async () => {
    expect(memory.recall("a")).toMatchObject(marked);
    throw new Error("no memory left");
  });
  await expect(failing).rejects.toThrow("no memory left");
  expect(memory.recall("a")).toEqual(right);
});

test("the mark says what was known before, and what another process found meanwhile is left alone", async () => {
  const memory = new DeviceMemory(newFile());
  memory.remember("a", right);
  await memory.attempt("a", async () => {
    expect(memory.recall("a")).toEqual({ kind: "begun", pid: process.pid, before: right });
    memory.remember("a", wrong);
  });
  expect(memory.recall("a")).toEqual(wrong);
});

test.each([
  ["ended by its driver leaves the mark", "SIGKILL", "begun"],
  ["that ends in an orderly way leaves none", "exit", undefined],
])("a process %s", async (_, how, kind) => {
  const file = newFile();
  const child = fork(path.join(import.meta.dirname, "attempting-process.ts"), [file, how]);
  await once(child, "exit");
  expect(new DeviceMemory(file).recall("a")?.kind).toBe(kind);
});
