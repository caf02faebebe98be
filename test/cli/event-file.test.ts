import { readFileSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { EventFile } from "../../src/cli/event-file.ts";
import { defaultSettings } from "../../src/engine/index.ts";
import { scratchFolder } from "./program.ts";

const home = scratchFolder();

test("--events overwrites no file, and says how to go on", () => {
  const file = path.join(home, "notes.txt");
  writeFileSync(file, "mine");
  expect(() => new EventFile(file)).toThrow(
    `${file} is already there, and --events overwrites nothing: name another file, or remove this one first.`,
  );
  expect(readFileSync(file, "utf8")).toBe("mine");
});

test("an empty file and a device have nothing to lose", async () => {
  const file = path.join(home, "empty.jsonl");
  writeFileSync(file, "");
  const events = new EventFile(file);
  events.asked("why?", defaultSettings(4));
  await expect.poll(() => readFileSync(file, "utf8")).toMatch(/^\{"type":"asked","text":"why\?"/);
  expect(() => new EventFile(devNull)).not.toThrow();
});
