import { markdown, percent } from "./markdown-table.ts";
import { maskedTables } from "./masked-tables.ts";
import type { Role } from "./plan.ts";
import type { Interval } from "./statistics.ts";
import type { Row, Summary } from "./summary.ts";

const titles: Record<Role, string> = {
  original: "The original, 32-bit floats",
  "original, 8-bit": "The original, 8-bit",
  f32: "This model, 32-bit floats",
  ships: "This model as it ships, 8-bit",
  "4-bit": "This model, 4-bit",
};

/** The tables of docs/model.md, in Markdown. */
export function report(summary: Summary): string {
  const roles = [...new Set(summary.rows.map(({ role }) => role))];
  return [
    `${summary.conversations} conversations, ${summary.questions} questions.`,
    ...roles.map((role) => decodedTable(role, summary)),
    weightsLine(summary),
    "Right answers by kind, block length 1:",
    kindTable(summary),
    ...(summary.masked.length > 0 ? maskedTables(summary) : []),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function decodedTable(role: Role, { rows }: Summary): string {
  return markdown(
    [
      titles[role],
      "tokens a pass",
      "guesses that stand",
      "right",
      "to block 1, points",
      "to the original, points",
      "log-likelihood",
      "to the original, nats",
      "stop",
      "distinct 4-grams",
      "length",
    ],
    rows.filter((row) => row.role === role).map(decodedCells),
  );
}

function decodedCells(row: Row): string[] {
  const { exact } = row;
  const points = (interval: Interval | undefined) =>
    interval === undefined ? "" : intervalText(interval, 100, 1);
  const isReference = row.role === "original" && row.way === "block 1";
  return [
    row.way,
    row.tokensPerPass.toFixed(2),
    row.acceptedDrafts === null ? "" : percent(row.acceptedDrafts),
    exact === null ? "" : `${exact.right} of ${exact.asked}`,
    row.way === "block 1" ? "" : points(exact?.toBlockOne),
    isReference ? "" : points(exact?.toOriginal),
    row.logLikelihood.toFixed(3),
    isReference ? "" : intervalText(row.toOriginal, 1, 3),
    percent(row.stopped),
    row.distinctFourGrams.toFixed(3),
    row.medianLength.toFixed(0),
  ];
}

function weightsLine({ shipsToF32 }: Summary): string {
  if (shipsToF32 === null) return "";
  const { exact, logLikelihood } = shipsToF32;
  return `As it ships against 32-bit floats, block length 1: right answers ${intervalText(exact, 100, 1)} points, log-likelihood under the original ${intervalText(logLikelihood, 1, 3)} nats a token.`;
}

function kindTable({ kinds, rows }: Summary): string {
  const inOrder = rows.filter(({ way, exact }) => way === "block 1" && exact !== null);
  const header = ["kind", "asked", ...inOrder.map(({ role }) => role)];
  const names = Object.keys(kinds).toSorted();
  return markdown(
    header,
    names.map((kind) =>
      [kind, String(kinds[kind] ?? 0)].concat(inOrder.map(({ exact }) => String(exact?.kinds[kind] ?? 0))),
    ),
  );
}

function intervalText({ difference, low, high }: Interval, scale: number, decimals: number): string {
  const text = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value * scale).toFixed(decimals)}`;
  return `${text(difference)} (${text(low)} to ${text(high)})`;
}
