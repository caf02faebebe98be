import { rowWidth, type Piece, type Row, piece } from "../text/row.ts";

/** A part of a row that can go when space is short: the highest rank goes first, rank 0 stays. */
export interface Segment {
  readonly row: Row;
  readonly rank: number;
}

export function segment(rank: number, ...pieces: Piece[]): Segment {
  return { row: pieces, rank };
}

const gap = piece("  ");

/** Joins the segments that fit in `width` cells, in order, two cells apart. */
export function fitSegments(segments: readonly Segment[], width: number): Row {
  let kept = segments.filter((each) => each.row.length > 0);
  while (kept.length > 1 && widthOf(kept) > width) {
    const worst = Math.max(...kept.map((each) => each.rank));
    if (worst === 0) break;
    const last = kept.findLastIndex((each) => each.rank === worst);
    kept = kept.toSpliced(last, 1);
  }
  return kept.flatMap(({ row }) => [gap].concat(row)).slice(1);
}

function widthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, each) => sum + rowWidth(each.row), (segments.length - 1) * 2);
}
