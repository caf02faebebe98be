import { bytesRead, expectedRate, figure, passFloor, table, type Overhead } from "../../bench/index.ts";
import { sizeText } from "../../size-text.ts";
import type { DecodingReport } from "./decoding.ts";
import type { MachineFigures, MemoryFigures } from "./machine.ts";
import type { BenchReport } from "./report.ts";

type Model = Pick<BenchReport, "architecture" | "weights" | "weightBytes">;

/** Passes by rows beside their floor, by the length of the cache, and memory. */
export function machineText(model: Model, machine: MachineFigures): string {
  const { bandwidth, arithmetic, arithmeticRows } = machine.peaks;
  const bytes = bytesRead(model, model.weightBytes);
  return [
    `A pass on top of ${machine.byRows[0]?.cached ?? 0} cached tokens, every row's logits asked`,
    rowsTable(model.architecture, bytes, machine),
    `floor: reading ${sizeText(bytes)} at ${figure(bandwidth / 1e6) || "an unknown number of"} GB/s,`,
    `or multiplying them with the rows at ${figure((2 * arithmetic) / 1e6)} GFLOP/s (the best pass of many rows: ${arithmeticRows})`,
    "",
    "A pass by the length of the cache",
    lengthTable(machine),
    ...(machine.memory ? [memoryText(machine.memory)] : []),
  ].join("\n");
}

function rowsTable(
  architecture: Model["architecture"],
  bytes: number,
  { byRows, peaks }: MachineFigures,
): string {
  const one = byRows[0]?.milliseconds ?? Number.NaN;
  return table(
    ["rows", "ms", "best", "to one row", "floor ms", "best to floor"],
    byRows.map(({ rows, milliseconds, best }) => {
      const { reading, multiplying } = passFloor(architecture, bytes, rows, peaks);
      const floor = Math.max(reading, multiplying);
      return [
        String(rows),
        figure(milliseconds),
        figure(best),
        `${figure(milliseconds / one)}x`,
        figure(floor),
        `${figure(best / floor)}x`,
      ];
    }),
  );
}

function lengthTable({ byLength, peaks }: MachineFigures): string {
  const counts = byLength[0]?.costs.map(({ rows }) => rows) ?? [];
  const first = byLength[0]?.costs.map(({ milliseconds }) => milliseconds) ?? [];
  return table(
    [
      "cached",
      "cache",
      "reading it ms",
      ...counts.flatMap((rows) => [`${rows} ${rows === 1 ? "row" : "rows"} ms`, "to the first"]),
    ],
    byLength.map(({ cached, cacheBytes, costs }) => [
      String(cached),
      sizeText(cacheBytes),
      figure(cacheBytes / peaks.bandwidth),
      ...costs.flatMap(({ milliseconds }, index) => [
        figure(milliseconds),
        `${figure(milliseconds / (first[index] ?? Number.NaN))}x`,
      ]),
    ]),
  );
}

function memoryText({ tokens, expected, measured }: MemoryFigures): string {
  const { runtime, weights, cache, arena } = expected;
  const parts = `ONNX Runtime ${sizeText(runtime)} + weights ${sizeText(weights)} + cache ${sizeText(cache)} + passes ${sizeText(arena)}`;
  const total = runtime + weights + cache + arena;
  return `memory at ${tokens} tokens:\n${parts} = ${sizeText(total)};\nmeasured ${sizeText(measured)} (${figure(measured / total)}x)`;
}

export function overheadText({ rows, pass, inside, alone, best }: Overhead): string {
  const share = Math.round((1000 * (pass - alone)) / pass) / 10;
  const rest =
    share > 0 ? `${share}% for JavaScript and messages` : "JavaScript and messages lost in the noise";
  return [
    `A pass of ${rows} rows while decoding: ${figure(pass)} ms, ${figure(inside)} of it in the engine;`,
    `the graph alone, in turns with it: ${figure(alone)} ms, at best ${figure(best)}:`,
    `${figure(pass / alone)}x the usual, ${figure(pass / best)}x the best; ${rest}`,
  ].join("\n");
}

/** How much of what memory allows is reached: see docs/expectations.md. */
export function shareText(
  model: Model,
  { peaks, byLength }: MachineFigures,
  { rows }: DecodingReport,
): string {
  if (Number.isNaN(peaks.bandwidth)) {
    return "On paper: --bandwidth says what the GPU's memory gives, and the measured share of that is printed here.";
  }
  const bytes = bytesRead(model, model.weightBytes) + (byLength[0]?.cacheBytes ?? 0);
  const ours = rows.filter(({ curve }) => curve !== "llama.cpp");
  const fastest = ours.reduce((a, b) => (b.tokensPerSecond > a.tokensPerSecond ? b : a));
  const shown = new Set([...ours.slice(0, 1), fastest]);
  return [
    "On paper, were a pass to cost no more than reading its bytes",
    table(
      ["", "tokens a pass", "on paper tokens/s", "measured", "share"],
      [...shown].map(({ name, tokensPerPass, tokensPerSecond }) => {
        const paper = expectedRate(bytes, 1000 * peaks.bandwidth, tokensPerPass);
        const share = `${Math.round((100 * tokensPerSecond) / paper)}%`;
        return [name, figure(tokensPerPass), figure(paper), figure(tokensPerSecond), share];
      }),
    ),
  ].join("\n");
}
