import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readHistory } from "../../../src/tui/shell/history-file.ts";
import { temporaryFolder } from "../../model/folders.ts";

test("a long history that cannot be cut is still read", async () => {
  const path = join(await temporaryFolder(), "history.jsonl");
  writeFileSync(path, Array.from({ length: 3000 }, (_, index) => `"${index}"\n`).join(""));
  // In the way of the draft, and too old to be another program's.
  mkdirSync(`${path}.part`);
  utimesSync(`${path}.part`, 0, 0);
  expect(readHistory(path)).toHaveLength(1000);
});
