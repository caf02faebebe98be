import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { historyOf, recall, remember } from "../../src/tui/editor/history.ts";
import { appendHistory, readHistory } from "../../src/tui/shell/history-file.ts";

const fresh = () => join(mkdtempSync(join(tmpdir(), "sdar-chat-")), "deep/history.jsonl");

test("older and newer entries come and go, and the draft comes back", () => {
  const history = historyOf(["one", "two"]);
  const first = recall(history, -1, "draft");
  expect(first?.text).toBe("two");
  const second = recall(first?.history ?? history, -1, "two");
  expect(second?.text).toBe("one");
  expect(recall(second?.history ?? history, -1, "one")).toBeUndefined();
  expect(recall(first?.history ?? history, 1, "two")?.text).toBe("draft");
  expect(recall(history, 1, "draft")).toBeUndefined();
});

test("what was written in place of an entry is the person's own, and comes back behind the newest", () => {
  const recalled = recall(historyOf(["one", "two"]), -1, "draft")?.history ?? historyOf([]);
  expect(recall(recalled, 1, "new")).toBeUndefined();
  const again = recall(recalled, -1, "new");
  expect(again?.text).toBe("two");
  expect(recall(again?.history ?? recalled, 1, "two")?.text).toBe("new");
});

test("a message said again is remembered once, as the newest", () => {
  expect(remember(historyOf(["one"]), "one").entries).toEqual(["one"]);
  expect(remember(historyOf(["one", "two"]), "one").entries).toEqual(["two", "one"]);
});

test("programs that share the file lose nothing of one another, also while one of them cuts it", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "sdar-chat-")), "history.jsonl");
  writeFileSync(path, Array.from({ length: 2500 }, (_, index) => `"${index}"\n`).join(""));
  const others = Array.from({ length: 40 }, async (_, index) => {
    if (index % 8 === 3) readHistory(path);
    await appendHistory(path, `said ${index}`);
  });
  await Promise.all(others);
  const kept = new Set(readHistory(path));
  expect(Array.from({ length: 40 }, (_, index) => `said ${index}`).filter((each) => !kept.has(each))).toEqual(
    [],
  );
});

test("a message that fills the file's bounds alone is not written", async () => {
  const path = fresh();
  await appendHistory(path, "x".repeat(70_000));
  await appendHistory(path, "short");
  expect(readHistory(path)).toEqual(["short"]);
});

test("the file keeps messages of many lines, for its owner alone", async () => {
  const path = fresh();
  await appendHistory(path, "one\nof two lines");
  await appendHistory(path, "two");
  expect(readHistory(path)).toEqual(["one\nof two lines", "two"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("damaged lines, a missing file and a folder that cannot be written are no trouble", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "sdar-chat-")), "history.jsonl");
  writeFileSync(path, '"one"\n{broken\n42\n"two"');
  expect(readHistory(path)).toEqual(["one", "two"]);
  expect(readHistory(fresh())).toEqual([]);
  expect(readHistory(undefined)).toEqual([]);
  await appendHistory("/dev/null/history.jsonl", "lost");
});

test("a file that has grown long is cut to its newest entries when it is read", () => {
  const path = join(mkdtempSync(join(tmpdir(), "sdar-chat-")), "history.jsonl");
  writeFileSync(path, Array.from({ length: 3000 }, (_, index) => `"${index}"\n`).join(""));
  expect(readHistory(path)).toHaveLength(1000);
  expect(readFileSync(path, "utf8").split("\n")).toHaveLength(1001);
  expect(readHistory(path).at(-1)).toBe("2999");
});
