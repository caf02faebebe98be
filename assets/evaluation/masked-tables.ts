import { sum } from "../../src/bench/index.ts";
import { markdown, percent } from "./markdown-table.ts";
import type { MaskedScores, MaskedSums } from "./masked-scores.ts";
import type { Summary } from "./summary.ts";

/** Of positions that were masked in the original's answers. */
export function maskedTables(summary: Summary): string[] {
  return [
    "The true token at masked positions of whole blocks: how often it is the most probable one, and nats lost a token.",
    maskedTable(summary),
    "Accuracy by place in a block that is all masks (the first place is one token at a time):",
    placeTable(summary),
    "How often guesses (all but the first place of such blocks) of a certainty are right, and the mean distance of both (expected calibration error):",
    certaintyTable(summary),
  ];
}

function maskedTable({ masked }: Summary): string {
  const counts = keysOf(masked[0]?.scores.byMasks[16] ?? {});
  const header = ["", "block", ...counts.map((masks) => (masks === 1 ? "1 mask" : `${masks} masks`))];
  const cells = ({ byMasks }: MaskedScores, length: number) =>
    counts.map((masks) => scoreText(byMasks[length]?.[masks]));
  return markdown(
    header,
    masked.flatMap(({ role, scores }) =>
      keysOf(scores.byMasks).map((length) => [role, String(length)].concat(cells(scores, length))),
    ),
  );
}

function scoreText(sums: MaskedSums | undefined): string {
  if (sums === undefined) return "";
  return `${(sums.right / sums.positions).toFixed(3)} / ${(-sums.logLikelihood / sums.positions).toFixed(2)}`;
}

function placeTable({ masked }: Summary): string {
  const places = Array.from({ length: 8 }, (_, place) => place);
  return markdown(
    ["", "block", ...places.map((place) => String(place + 1))],
    masked.flatMap(({ role, scores }) =>
      keysOf(scores.byPlace).map((length) =>
        [role, String(length)].concat(places.map((place) => accuracyText(scores.byPlace[length]?.[place]))),
      ),
    ),
  );
}

function accuracyText(sums: MaskedSums | undefined): string {
  return sums === undefined ? "" : (sums.right / sums.positions).toFixed(3);
}

function certaintyTable({ masked }: Summary): string {
  const tenths = Array.from({ length: 10 }, (_, tenth) => tenth);
  return markdown(
    ["", "block", ...tenths.map((tenth) => `${tenth * 10} to ${tenth * 10 + 10}%`), "distance"],
    masked.flatMap(({ role, scores: { byCertainty } }) =>
      keysOf(byCertainty).map((length) => {
        const sums = byCertainty[length] ?? {};
        const cells = tenths.map((tenth) => shareText(sums[tenth]));
        return [role, String(length)].concat(cells, calibrationError(Object.values(sums)).toFixed(3));
      }),
    ),
  );
}

function shareText(sums: MaskedSums | undefined): string {
  return sums === undefined ? "" : `${percent(sums.right / sums.positions)} of ${sums.positions}`;
}

function calibrationError(bins: readonly MaskedSums[]): number {
  const apart = sum(bins.map(({ right, certainty }) => Math.abs(right - certainty)));
  return apart / sum(bins.map(({ positions }) => positions));
}

function keysOf(record: Readonly<Record<number, unknown>>): number[] {
  return Object.keys(record)
    .map(Number)
    .toSorted((a, b) => a - b);
}
