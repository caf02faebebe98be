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
  /** a guess that its check refused */
  | "refused"
  | "doubt1"
  | "doubt2"
  | "doubt3"
  | "doubt4";

/** What Markdown makes of a text, on top of its style: several may hold at once. */
export type Form =
  | "bold"
  | "italic"
  | "struck"
  | "title"
  | "code"
  | "link"
  | "keyword"
  | "string"
  | "number"
  | "name"
  | "comment";

export interface Piece {
  readonly text: string;
  readonly style: Style;
  readonly forms?: readonly Form[];
  /** where a click on it leads: printable ASCII */
  readonly link?: string;
  /** position of the slot whose text it is, where that is asked */
  readonly slot?: number;
}

/** One row of the screen, left to right. */
export type Row = readonly Piece[];

export function piece(text: string, style: Style = "text"): Piece {
  return { text, style };
}

/** The piece with other marks on the same text. */
export function remark(each: Piece, marks: Partial<Omit<Piece, "text">>): Piece {
  return { ...each, ...marks };
}

export function rowText(row: Row): string {
  return row.map((each) => each.text).join("");
}

/** Cells of the joined text: a character may begin in one piece and go on in the next. */
export function rowWidth(row: Row): number {
  return cells(rowText(row));
}

/** The pieces' share of [start, end), counted in the joined text. */
export function sliceRow(row: Row, start: number, end: number): Row {
  const out: Piece[] = [];
  let at = 0;
  for (const each of row) {
    const text = each.text.slice(Math.max(0, start - at), Math.max(0, end - at));
    if (text !== "") out.push({ ...each, text });
    at += each.text.length;
  }
  return out;
}

/** The row cut to `width` cells: what does not fit is left out, whole characters only. */
export function clipRow(row: Row, width: number): Row {
  if (rowWidth(row) <= width) return row;
  let end = 0;
  let left = width;
  for (const grapheme of graphemes(rowText(row))) {
    left -= grapheme.width;
    if (left < 0) break;
    end = grapheme.index + grapheme.text.length;
  }
  return sliceRow(row, 0, end);
}
