import { writeFile } from "node:fs/promises";
import path from "node:path";
import { csv, plotSvg, type PlotCurve } from "../../bench/index.ts";
import { messageOf, UserError } from "../../errors.ts";
import { makeFolder } from "../../make-folder.ts";
import type { DecodingRow } from "./decoding.ts";
import type { BenchReport } from "./report.ts";

/** Writes bench.json, bench.csv and, where quality was measured, bench.svg. @throws UserError file */
export async function writeFigures(folder: string, report: BenchReport): Promise<void> {
  const { rows } = report.decoding;
  const judged = rows.filter(
    ({ logLikelihood, ratio }) => Number.isFinite(logLikelihood) && Number.isFinite(ratio),
  );
  await writeAll(folder, {
    "bench.json": json(report),
    "bench.csv": csv(rows),
    ...(judged.length > 0 && { "bench.svg": plot(report.model, judged) }),
  });
}

/** Writes weights.json and weights.csv. @throws UserError file */
export async function writeWeightFigures(folder: string, figures: readonly object[]): Promise<void> {
  await writeAll(folder, { "weights.json": json(figures), "weights.csv": csv(figures) });
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  try {
    makeFolder(folder);
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  } catch (error) {
    throw new UserError("file", `The figures cannot be written to ${folder}: ${messageOf(error)}.`);
  }
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function plot(model: string, rows: readonly DecodingRow[]): string {
  const reference = rows[0]?.logLikelihood ?? Number.NaN;
  const byCurve = Map.groupBy(rows, ({ curve }) => curve);
  return plotSvg({
    title: `${model}: speed against quality`,
    x: "kept tokens a second, to block length 1",
    y: "log-likelihood a token, to block length 1 (nats)",
    curves: [...byCurve].map(([name, its]) => curveOf(name, its, reference)),
  });
}

/** A line a block length, through the settings of a knob; or one line through the block lengths. */
function curveOf(name: string, rows: readonly DecodingRow[], reference: number): PlotCurve {
  const byBlock = [...Map.groupBy(rows, ({ blockLength }) => blockLength).values()];
  const hasKnob = byBlock.some((its) => its.length > 1);
  const points = (its: readonly DecodingRow[]) =>
    its.map((row) => ({
      x: row.ratio,
      y: row.logLikelihood - reference,
      label: row.name === name ? "" : hasKnob ? row.name.replace(/^\S+ /, "") : `b${row.blockLength}`,
    }));
  return { name, lines: hasKnob ? byBlock.map(points) : [points(rows)] };
}
