import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { EvaluationData } from "../../../assets/evaluation/data.ts";
import { partsOf, ways, type Part, type Role } from "../../../assets/evaluation/plan.ts";
import { report } from "../../../assets/evaluation/report.ts";
import { Results } from "../../../assets/evaluation/results.ts";
import { summarize } from "../../../assets/evaluation/summary.ts";
import { Worker } from "../../../assets/evaluation/work.ts";
import { tinyChatModel } from "../../cli/tiny-model.ts";

const few = new Set(["block 1", "sampled", "sequential, block 4", "self-speculative, block 8"]);
const chosen = (part: Part) => part.type === "masked" || few.has(part.way.id);
const models = new Map<Role, string>([
  ["original", "a"],
  ["ships", "b"],
]);

const content = (index: number) => `What is ${index} + ${index}?`;

/** Two questions and conversations in the first tenth. */
function tinyData(): EvaluationData {
  const indexes = Array.from({ length: 11 }, (_, index) => index);
  return {
    questions: indexes.map((index) => ({
      kind: "sum",
      items: [`${index}`],
      prompt: content(index),
      answers: [`${2 * index}`],
      wrong: [],
      reply: `${2 * index}`,
    })),
    conversations: indexes.map((index) => ({
      messages: [{ role: "user", content: content(index) }],
      answer: "It is twice that, as far as anybody who was asked about it could tell.",
      ended: true,
    })),
    hashes: { questions: "q", conversations: "c" },
  };
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "evaluation-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test("a model evaluated against itself is its equal, and what is done is kept", async () => {
  const folder = await emptyFolder();
  const tiny = await tinyChatModel("carry-tiny", await emptyFolder());
  const data = tinyData();
  const results = new Results(folder, { data: data.hashes, models });
  const parts = partsOf(["original", "ships"], "whole").filter((part) => part.tenth === 0 && chosen(part));
  expect(() => summarize(data, results, parts)).toThrow("not there yet");
  const worker = await Worker.open(
    data,
    new Map<Role, string>([
      ["original", tiny],
      ["ships", tiny],
    ]),
    results,
  );
  for (const part of parts) await worker.do(part);
  await worker.close();

  const summary = summarize(data, results, parts);
  const row = (role: Role, way: string) =>
    summary.rows.find((each) => each.role === role && each.way === way);
  const { role: _, ...original } = row("original", "block 1") ?? {};
  expect(row("ships", "block 1")).toMatchObject(original);
  expect(original).toMatchObject({ tokensPerPass: 1, toOriginal: { difference: 0 } });
  expect(row("ships", "sequential, block 4")?.toOriginal.difference).toBeCloseTo(0, 6);
  expect(row("ships", "self-speculative, block 8")?.toOriginal.difference).toBeCloseTo(0, 6);
  expect(row("original", "sampled")?.exact).toBeNull();
  expect(row("original", "sampled")?.toOriginal.difference).toBeLessThan(0);
  expect(summary.masked.map(({ scores }) => scores.byMasks[1]?.[1]?.positions)).toHaveLength(2);
  expect(report(summary)).toContain("| sequential, block 4 | 1.00 |");

  expect(parts.every((part) => results.has(part))).toBe(true);
  expect(await readdir(folder)).toHaveLength(parts.length);
  const ofOthers = new Results(folder, {
    data: data.hashes,
    models: new Map([
      ["original", "a"],
      ["ships", "c"],
    ]),
  });
  expect(parts.filter((part) => ofOthers.has(part)).every(({ role }) => role === "original")).toBe(true);
  const ofOtherData = new Results(folder, { data: { questions: "other", conversations: "other" }, models });
  expect(parts.some((part) => ofOtherData.has(part))).toBe(false);
});

test("the plan has every block length with every threshold, in order and by guesses, for all weights", () => {
  const ids = ways.map(({ id }) => id);
  expect(ids).toContain("block 1");
  for (const length of [4, 8, 16]) {
    for (const threshold of [0.7, 0.8, 0.9, 0.95])
      expect(ids).toContain(`dynamic ${threshold}, block ${length}`);
    expect(ids).toContain(`sequential, block ${length}`);
    expect(ids).toContain(`self-speculative, block ${length}`);
  }
  const roles: readonly Role[] = ["f32", "ships", "4-bit"];
  const full = partsOf(roles, "whole");
  for (const role of roles) {
    for (const set of ["questions", "conversations"]) {
      const mine = full.filter((part) => part.type === "decoded" && part.role === role && part.set === set);
      expect(mine).toHaveLength(10 * ways.length);
    }
  }
});

test("the quick form is a part of the full one", () => {
  const roles: readonly Role[] = ["original", "original, 8-bit", "f32", "ships", "4-bit"];
  const full = new Set(partsOf(roles, "whole").map((part) => JSON.stringify(part)));
  const quick = partsOf(roles, "quick");
  expect(quick.every((part) => full.has(JSON.stringify(part)))).toBe(true);
  expect(quick.length).toBeLessThan(full.size / 10);
});
