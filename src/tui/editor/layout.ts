import { cells, graphemes } from "../text/graphemes.ts";
import { wrap, type WrappedRow } from "../text/wrap.ts";
import { lineEnd, lineStart } from "./motion.ts";

/** The rows of the prompt that are shown, and where its cursor stands among them. */
export interface EditorView {
  readonly rows: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
  readonly more: { readonly above: boolean; readonly below: boolean };
}

interface Place {
  readonly text: string;
  readonly cursor: number;
  readonly goal?: number;
}

/** Longer lines are laid out in stretches, so that a key costs the same in a pasted megabyte. */
const stretch = 4000;

interface LaidRow {
  /** in the whole text */
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/** The part of a logical line that is laid out together: all of it, unless it is very long. */
function stretchAround(text: string, index: number): { from: number; to: number } {
  const start = lineStart(text, index);
  const end = lineEnd(text, index);
  if (end - start <= 2 * stretch) return { from: start, to: end };
  const from = start + Math.floor((index - start) / stretch) * stretch;
  return { from, to: Math.min(end, from + stretch) };
}

function rowsAround(text: string, index: number, width: number): LaidRow[] {
  const { from, to } = stretchAround(text, index);
  const shift = (row: WrappedRow): LaidRow => ({
    start: from + row.start,
    end: from + row.end,
    next: from + row.next,
  });
  return wrap(text.slice(from, to), width).map(shift);
}

/** Rows of the stretch before or behind `rows`, if there is one. */
function neighbours(text: string, rows: readonly LaidRow[], direction: -1 | 1, width: number): LaidRow[] {
  const edge = direction < 0 ? (rows[0]?.start ?? 0) - 1 : (rows.at(-1)?.next ?? text.length);
  if (direction < 0) return edge < 0 ? [] : rowsAround(text, edge, width);
  if (edge >= text.length) return [];
  return rowsAround(text, text[edge] === "\n" ? edge + 1 : edge, width);
}

function rowOf(rows: readonly LaidRow[], cursor: number): number {
  const found = rows.findIndex((row) => cursor >= row.start && cursor < row.next);
  return found === -1 ? rows.length - 1 : found;
}

/** Moves the cursor a row up or down, keeping its column; gives the same place back at the first or last row. */
export function moveVertically(
  place: Place,
  direction: -1 | 1,
  width: number,
): { cursor: number; goal?: number } {
  const { text, cursor } = place;
  const here = rowsAround(text, cursor, width);
  const at = rowOf(here, cursor);
  const goal = place.goal ?? cells(text.slice(here[at]?.start ?? 0, cursor));
  const target = here[at + direction] ?? neighbours(text, here, direction, width).at(direction < 0 ? -1 : 0);
  return target === undefined ? { cursor } : { cursor: indexAt(text, target, goal), goal };
}

function indexAt(text: string, row: LaidRow, column: number): number {
  let used = 0;
  for (const grapheme of graphemes(text.slice(row.start, row.end))) {
    if (used + grapheme.width > column) return row.start + grapheme.index;
    used += grapheme.width;
  }
  return row.end;
}

/** Lays out the prompt in at most `height` rows of `width` cells, scrolled so that the cursor is among them. */
export function editorView(place: Place, width: number, height: number): EditorView {
  const { text, cursor } = place;
  let rows = rowsAround(text, cursor, width);
  let at = rowOf(rows, cursor);
  while (at < height) {
    const before = neighbours(text, rows, -1, width);
    if (before.length === 0) break;
    rows = before.concat(rows);
    at += before.length;
  }
  while (rows.length - at <= height) {
    const behind = neighbours(text, rows, 1, width);
    if (behind.length === 0) break;
    rows = rows.concat(behind);
  }
  const below = at < rows.length - 1 && height > 1 ? 1 : 0;
  const top = Math.max(0, Math.min(at - (height - 1 - below), rows.length - height));
  const shown = rows.slice(top, top + height);
  const row = rows[at];
  const column = row === undefined ? 0 : Math.min(width, cells(text.slice(row.start, cursor)));
  return {
    rows: shown.map(({ start, end }) => text.slice(start, end).replaceAll("\t", "    ")),
    cursor: { row: at - top, column },
    more: { above: (shown[0]?.start ?? 0) > 0, below: (shown.at(-1)?.next ?? text.length) < text.length },
  };
}
