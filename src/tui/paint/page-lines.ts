import type { Heat } from "../store/heat.ts";
import type { Entry, NoteLine } from "../store/state.ts";
import { withoutDoubt } from "../text/doubt.ts";
import { takeSettled, type Layout } from "../text/flow.ts";
import { sanitize } from "../text/sanitize.ts";
import { wrap } from "../text/wrap.ts";
import { piece, rowText, rowWidth, sliceRow, type Row } from "../text/row.ts";

const blank: Row = [piece(" ")];

/**
 * Takes off the page what can go to the scrollback, oldest first, as lines: rows of at most `width` cells, and
 * lines of code of any length. An open answer keeps what may still change, and everything behind it waits.
 */
export function takeLines(
  page: readonly Entry[],
  width: number,
  layout: Layout,
  heat: Heat,
): { lines: Row[]; page: readonly Entry[] } {
  const lines: Row[] = [];
  for (const [index, entry] of page.entries()) {
    if (entry.kind !== "answer") {
      lines.push(
        ...(entry.kind === "message" ? messageLines(entry.text, width) : noteLines(entry.lines, width)),
      );
      continue;
    }
    const taken = takeSettled(entry.flow, width, !entry.open, layout);
    lines.push(...(heat === "kept" ? taken.lines : taken.lines.map(withoutDoubt)));
    if (entry.open) return { lines, page: [{ ...entry, flow: taken.flow }, ...page.slice(index + 1)] };
  }
  return { lines, page: [] };
}

function messageLines(text: string, width: number): Row[] {
  const shown = sanitize(text);
  const rows = wrap(shown, Math.max(1, width - 2));
  return [
    blank,
    ...rows.map((row, index): Row => [
      piece(index === 0 ? "> " : "  ", "user"),
      piece(shown.slice(row.start, row.end), "user"),
    ]),
  ];
}

function noteLines(lines: readonly NoteLine[], width: number): Row[] {
  return [blank, ...lines.flatMap((line) => noteRows(line, width))];
}

/** The text beside its lead, or, where that leaves too little room, under it. */
function noteRows({ lead, text }: NoteLine, width: number): Row[] {
  const indent = rowWidth(lead);
  const beside = indent <= width / 2;
  const rows = wrapRow(text, width - (beside ? indent : 2));
  if (!beside) return [...wrapRow(lead, width), ...rows.map((row) => [piece("  "), ...row])];
  const margin: Row = [piece(" ".repeat(indent))];
  return rows.map((row, index) => (index === 0 ? lead : margin).concat(row));
}

function wrapRow(row: Row, width: number): Row[] {
  return wrap(rowText(row), Math.max(1, width)).map(({ start, end }) => sliceRow(row, start, end));
}
