import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../src/make-folder.ts";

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "sdar-chat-folders-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("missing parents are made with the same mode, and the topmost one is named", () => {
  const top = scratch();
  expect(makeFolder(join(top, "a", "b"), 0o700)).toBe(join(top, "a"));
  expect(statSync(join(top, "a")).mode & 0o777).toBe(0o700);
  expect(makeFolder(join(top, "a", "b"))).toBeUndefined();
});

test("a file in the way is the system's error", () => {
  const top = scratch();
  writeFileSync(join(top, "file"), "");
  expect(() => makeFolder(join(top, "file"))).toThrow(/EEXIST/);
  expect(() => makeFolder(join(top, "file", "below"))).toThrow(/EEXIST|ENOTDIR/);
});

test.runIf(existsSync("/proc/self"))("a place that refuses folders is an error, not a wait", () => {
  expect(() => makeFolder("/proc/sdar-chat/below")).toThrow(/ENOENT|EACCES|EPERM/);
});
