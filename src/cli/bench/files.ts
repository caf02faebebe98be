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
  try {
    makeFolder(folder);
    await writeFile(path.join(folder, "bench.json"), `${JSON.stringify(report, undefined, 2)}\n`);
    await writeFile(path.join(folder, "bench.csv"), csv(rows));
    if (judged.length > 0) await writeFile(path.join(folder, "bench.svg"), plot(report.model, judged));
  } catch (error) {
    throw new UserError("file", `The figures cannot be written to ${folder}: ${messageOf(error)}.`);
  }
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
