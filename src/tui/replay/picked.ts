import type { AnswerSlot } from "../../chat/index.ts";
import { piece, type Piece, type Row } from "../text/row.ts";
import { visible } from "./words.ts";

/** Where in the rows a piece stands. */
interface Spot {
  readonly row: number;
  readonly index: number;
}

/** Rows with the picked slot marked, and the row that has the mark. */
export interface Marked {
  readonly rows: readonly Row[];
  readonly at: number;
}

/**
 * Puts the picked slot in brackets. Of a slot that Markdown shows as a drawing the drawing is marked; of one that shows
 * nothing, a line feed or a mark that was read, the text stands where it was; of one without a text its name, at the end.
 * Pieces say by `slot` whose they are.
 */
export function markPicked(rows: readonly Row[], { position, text, label }: AnswerSlot): Marked {
  const spots = rows.flatMap((row, at) => row.map((each, index) => ({ row: at, index, each })));
  const own = spots.filter(({ each }) => each.slot === position && each.text.trim() !== "");
  const [first] = own;
  if (first !== undefined) {
    const last = own.findLast(({ row }) => row === first.row) ?? first;
    return bracketed(rows, first, last.index);
  }
  if (text === "") return named(rows, behind(spots.at(-1)), label);
  const before = spots.findLast(({ each }) => each.slot !== undefined && each.slot <= position);
  if (text.includes("\n")) return named(rows, behind(before), text);
  const after = spots.find(({ each }) => each.slot !== undefined && each.slot > position);
  const drawn = spots
    .slice(before === undefined ? 0 : spots.indexOf(before) + 1, after && spots.indexOf(after))
    .find(({ each }) => each.style !== "mask" && each.text.trim() !== "");
  if (drawn !== undefined) return bracketed(rows, drawn, drawn.index);
  return named(rows, after ?? behind(before), text);
}

const behind = (spot: Spot | undefined): Spot =>
  spot === undefined ? { row: 0, index: 0 } : { ...spot, index: spot.index + 1 };

/** The space around the word stays outside. */
function bracketed(rows: readonly Row[], { row, index }: Spot, last: number): Marked {
  const marked = (rows[row] ?? []).flatMap((each, at): Piece[] => {
    const inside = at === index ? each.text.trimStart() : each.text;
    const space = each.text.slice(0, each.text.length - inside.length);
    const word = at === last ? inside.trimEnd() : inside;
    const opening = at === index ? [piece(space), piece("[", "strong")] : [];
    const closing = at === last ? [piece("]", "strong"), piece(inside.slice(word.length))] : [];
    return [...opening, { ...each, text: word }, ...closing].filter(({ text }) => text !== "");
  });
  return { rows: rows.with(row, marked), at: row };
}

function named(rows: readonly Row[], { row, index }: Spot, name: string): Marked {
  const there = rows[row] ?? [];
  const marked = there.toSpliced(index, 0, piece(`[${visible(name)}]`, "strong"));
  return { rows: rows.length === 0 ? [marked] : rows.with(row, marked), at: row };
}
