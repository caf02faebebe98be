import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { evaluations, historyTable } from "../../../assets/evaluation/history.ts";
import { report } from "../../../assets/evaluation/report.ts";

const card = readFileSync(path.join(import.meta.dirname, "../../../docs/model.md"), "utf8");

test("the model's card has the figures of the latest evaluation (node assets/evaluation/history.ts prints them)", () => {
  const all = evaluations();
  expect(card).toContain(historyTable(all));
  for (const { summary } of all.slice(-1)) expect(card).toContain(report(summary));
});
