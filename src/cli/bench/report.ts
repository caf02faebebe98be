import type { Overhead } from "../../bench/index.ts";
import type { ModelConfig } from "../../model/index.ts";
import type { DecodingReport } from "./decoding.ts";
import { decodingText, kindsText } from "./decoding-text.ts";
import type { MachineFigures } from "./machine.ts";
import { machineText, overheadText, shareText } from "./machine-text.ts";
import type { StartTimes } from "./start.ts";
import { startText } from "./start-text.ts";

/** All that a run measured; what is absent it did not come to. */
export interface BenchReport {
  readonly model: string;
  readonly weights: ModelConfig["weights"];
  readonly weightBytes: number;
  readonly architecture: ModelConfig["architecture"];
  readonly threads: number;
  readonly machine?: MachineFigures;
  readonly overhead?: Overhead;
  readonly decoding: DecodingReport;
  readonly start?: StartTimes;
}

/** The report as tables of at most 100 columns. */
export function reportText(report: BenchReport, byKind: boolean): string {
  const { machine, overhead, decoding, start } = report;
  const hasDecoded = decoding.rows.some(({ tokensPerSecond }) => !Number.isNaN(tokensPerSecond));
  const sections = [
    `${report.model}, CPU, ${report.threads} threads`,
    machine && machineText(report, machine),
    overhead && overheadText(overhead),
    hasDecoded && decodingText(decoding),
    hasDecoded && machine && shareText(report, machine, decoding),
    hasDecoded && byKind && kindsText(decoding),
    start && startText(start),
  ];
  return `${sections.filter((section) => typeof section === "string").join("\n\n")}\n`;
}
