import type { Picture } from "../paint/paint.ts";
import { graphemes } from "../text/graphemes.ts";
import { rowText, type Row } from "../text/row.ts";

/**
 * Rows between the first of a live region and its cursor, once a terminal has broken them anew in a window of so many
 * columns. Never more than there are: what is counted too much would be erased of the text above.
 */
export function rowsAboveCursor({ rows, cursor }: Picture, columns: number): number {
  return rows
    .slice(0, cursor?.y ?? rows.length)
    .reduce((sum, row) => sum + Math.max(1, Math.ceil(leastCells(row) / columns)), 0);
}

/** Cells that every terminal gives a row: blanks at its end may be none, and what several characters make may be one. */
function leastCells(row: Row): number {
  let sum = 0;
  for (const { text, width } of graphemes(rowText(row).trimEnd()))
    sum += isCompound(text) ? Math.min(1, width) : width;
  return sum;
}

const isCompound = (text: string) => text.length > String.fromCodePoint(text.codePointAt(0) ?? 0).length;
