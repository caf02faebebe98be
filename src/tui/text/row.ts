import { cells, graphemes } from "./graphemes.ts";

/** What a piece of a row is, never how it looks: palette.ts decides that. */
export type Style =
  | "text"
  | "dim"
  | "strong"
  | "user"
  | "error"
  | "warning"
  | "pending"
  | "mask"
  | "doubt1"
  | "doubt2"
  | "doubt3"
  | "doubt4";

export interface Piece {
  readonly text: string;
  readonly style: Style;
}

/** One row of the screen, left to right. */
export type Row = readonly Piece[];

export function piece(text: string, style: Style = "text"): Piece {
  return { text, style };
}

export function rowText(row: Row): string {
  return row.map((each) => each.text).join("");
}

export function rowWidth(row: Row): number {
  return row.reduce((sum, each) => sum + cells(each.text), 0);
}

/** The pieces' share of [start, end), counted in the joined text. */
export function sliceRow(row: Row, start: number, end: number): Row {
  const out: Piece[] = [];
  let at = 0;
  for (const each of row) {
    const text = each.text.slice(Math.max(0, start - at), Math.max(0, end - at));
    if (text !== "") out.push({ text, style: each.style });
    at += each.text.length;
  }
  return out;
}

/** The row cut to `width` cells: what does not fit is left out, whole characters only. */
export function clipRow(row: Row, width: number): Row {
  if (rowWidth(row) <= width) return row;
  const out: Piece[] = [];
  let left = width;
  for (const each of row) {
    let text = "";
    for (const grapheme of graphemes(each.text)) {
      if (grapheme.width > left) return [...out, { text, style: each.style }];
      text += grapheme.text;
      left -= grapheme.width;
    }
    out.push({ text, style: each.style });
  }
  return out;
}
