import { reportOf, type Comparison } from "../../chat/index.ts";
import type { NoteLine } from "../store/state.ts";
import { piece } from "../text/row.ts";

/** What a comparison found, for the page. */
export function comparisonLines(comparison: Comparison): NoteLine[] {
  return reportOf(comparison).map(({ kind, lead, text, ratio }) => ({
    lead: [piece(lead, kind === "different" ? "strong" : "dim")],
    text: [
      piece(text, kind === "sides" ? "strong" : kind === "same" ? "dim" : "text"),
      ...(ratio === undefined ? [] : [piece(`  ${ratio}`, "dim")]),
    ],
  }));
}
