import { figure, table, type DecodingFigures } from "../../bench/index.ts";
import type { DecodingReport, DecodingRow } from "./decoding.ts";

const header = [
  "b: block length\nb1: block length 1",
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
export function decodingText({ prompts, questions, rounds, answers, rows }: DecodingReport): string {
  const count = `${prompts} ${prompts === 1 ? "prompt" : "prompts"}, ${rounds} ${rounds === 1 ? "round" : "rounds"}`;
  const cut = answers < prompts * rounds ? ` (interrupted after ${answers} answers of each)` : "";
  return [
    `Decoding ${count}${cut}, the contenders in turns;`,
    `first: text; log-lik.: of a token of the text, by the same weights in order; right: of ${questions} questions`,
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

/** Speed by kind of prompt: to block length 1 on the same prompts, its spread, and tokens a pass; then how near the dial came. */
export function kindsText({ kinds }: DecodingReport): string {
  const names = Object.keys(kinds[0]?.kinds ?? {});
  const row = (name: string, cell: (kind: string) => string) => [name, ...names.map((kind) => cell(kind))];
  return [
    "By kind of prompt: speed to block length 1, spread of that, tokens a pass",
    table(
      ["", ...names],
      kinds.map(({ name, kinds: own }) => row(name, (kind) => kindCell(own[kind]))),
    ),
    "",
    "The dial's speed to that of the fastest row that loses nothing (b1, or self-speculative),",
    "picked in hindsight",
    table(
      ["", ...names],
      kinds
        .filter(({ name }) => name.startsWith("auto"))
        .map(({ name, kinds: own }) => row(name, (kind) => dialCell(own[kind], fastestExact(kinds, kind)))),
    ),
  ].join("\n");
}

function kindCell(figures: DecodingFigures | undefined): string {
  if (figures === undefined) return "";
  const { ratio, ratioSpread, tokensPerPass } = figures;
  return `${figure(ratio)}x ${percent(ratioSpread)} ${figure(tokensPerPass)}`;
}

/** Curves whose text is that of one token at a time. */
const exactCurves = new Set(["block length 1", "self_speculative"]);

function fastestExact(kinds: DecodingReport["kinds"], kind: string): DecodingFigures | undefined {
  return kinds
    .flatMap((row) => row.kinds[kind] ?? [])
    .filter(({ curve }) => exactCurves.has(curve))
    .toSorted((a, b) => b.tokensPerSecond - a.tokensPerSecond)[0];
}

function dialCell(own: DecodingFigures | undefined, best: DecodingFigures | undefined): string {
  if (own === undefined || best === undefined) return "";
  return `${figure(own.tokensPerSecond / best.tokensPerSecond)}x b${best.blockLength}`;
}

function percent(share: number): string {
  return Number.isNaN(share) ? "" : `${Math.round(100 * share)}%`;
}
