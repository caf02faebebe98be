import { figure, table, type DecodingFigures } from "../../bench/index.ts";
import type { DecodingReport, DecodingRow } from "./decoding.ts";

const header = [
  "\nb: block length",
  "kept\ntok/s",
  "\nspread",
  "ratio\nto b1",
  "tokens\na pass",
  "passes\n/s",
  "ms a\npass",
  "first\nms",
  "drafts\nright",
  "log-\nlik.",
  "\nright",
];

/** Every contender's row: at most 100 columns. */
export function decodingText({ prompts, questions, rounds, rows }: DecodingReport): string {
  const count = `${prompts} ${prompts === 1 ? "prompt" : "prompts"}, ${rounds} ${rounds === 1 ? "round" : "rounds"}`;
  return [
    `Decoding ${count}, the contenders in turns; first: text; right: of ${questions} questions;`,
    "log-lik.: of a token of the text, by the same weights in order; b1: block length 1",
    table(header, rows.map(decodingRow)),
  ].join("\n");
}

function decodingRow(row: DecodingRow): string[] {
  return [
    row.name,
    figure(row.tokensPerSecond),
    percent(row.tokensPerSecondSpread),
    `${figure(row.ratio)}x`,
    figure(row.tokensPerPass),
    figure(row.passesPerSecond),
    figure(row.millisecondsPerPass),
    figure(row.firstTextMilliseconds),
    percent(row.acceptedDrafts),
    Number.isNaN(row.logLikelihood) ? "" : row.logLikelihood.toFixed(3),
    percent(row.right),
  ];
}

/** Speed by kind of prompt: to block length 1 on the same prompts, and tokens a pass. */
export function kindsText({ kinds }: DecodingReport): string {
  const names = Object.keys(kinds[0]?.kinds ?? {});
  return [
    "By kind of prompt: speed to block length 1, tokens a pass",
    table(
      ["", ...names],
      kinds.map((row) => [row.name, ...names.map((name) => kindCell(row.kinds[name]))]),
    ),
  ].join("\n");
}

function kindCell(figures: DecodingFigures | undefined): string {
  return figures === undefined ? "" : `${figure(figures.ratio)}x ${figure(figures.tokensPerPass)}`;
}

function percent(share: number): string {
  return Number.isNaN(share) ? "" : `${Math.round(100 * share)}%`;
}
