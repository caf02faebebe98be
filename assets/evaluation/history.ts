/**
 * What docs/model.md says of evaluations, from the summaries in history/, a file each with its date for a name:
 * node assets/evaluation/history.ts prints it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { lineOf } from "./markdown-table.ts";
import { report } from "./report.ts";
import type { Row, Summary } from "./summary.ts";

const folder = path.join(import.meta.dirname, "history");

export interface Evaluation {
  /** year-month-day, and a letter where a day has several */
  readonly date: string;
  readonly summary: Summary;
}

/** All that were kept, the latest last. */
export function evaluations(): Evaluation[] {
  return (existsSync(folder) ? readdirSync(folder) : [])
    .toSorted()
    .map((name) => ({ date: path.parse(name).name, summary: readSummary(path.join(folder, name)) }));
}

function readSummary(file: string): Summary {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by run.ts, and shown by a test to be whole
  return JSON.parse(readFileSync(file, "utf8")) as Summary;
}

/** A row for each evaluation, of the weights that ship. */
export function historyTable(all: readonly Evaluation[]): string {
  const header = [
    "evaluation",
    "weights",
    "right answers, block 1",
    "log-likelihood to the original's, block 1",
    "tokens a pass (right answers): dynamic 0.9, block 4",
    "dynamic 0.9, block 8",
    "self-speculative, block 4",
  ];
  return [lineOf(header), `|${"---|".repeat(header.length)}`, ...all.map(historyRow)].join("\n");
}

function historyRow({ date, summary }: Evaluation): string {
  const row = (way: string) => summary.rows.find((each) => each.role === "ships" && each.way === way);
  const blockOne = row("block 1");
  return lineOf([
    `${date}, ${summary.form}`,
    summary.weights.slice(0, 8),
    exactText(blockOne),
    blockOne?.toOriginal.difference.toFixed(3) ?? "",
    ...["dynamic 0.9, block 4", "dynamic 0.9, block 8", "self-speculative, block 4"].map((way) => {
      const found = row(way);
      return found === undefined ? "" : `${found.tokensPerPass.toFixed(2)} (${exactText(found)})`;
    }),
  ]);
}

function exactText(row: Row | undefined): string {
  const exact = row?.exact;
  return exact === undefined || exact === null ? "" : `${exact.right} of ${exact.asked}`;
}

/** The table, and what the evaluations of the present weights found, the latest first. */
export function cardText(all: readonly Evaluation[]): string {
  const weights = all.at(-1)?.summary.weights;
  const present = all.filter(({ summary }) => summary.weights === weights).toReversed();
  const found = present.map(({ date, summary }) => `### ${date}, ${summary.form}\n\n${report(summary)}`);
  return [historyTable(all), ...found].join("\n\n");
}

if (import.meta.main) console.log(cardText(evaluations()));
