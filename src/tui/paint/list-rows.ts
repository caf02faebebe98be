import type { Choice } from "../lists/choice.ts";
import type { ShownList } from "../lists/open.ts";
import { cells, clip } from "../text/graphemes.ts";
import { piece, type Row } from "../text/row.ts";
import { sanitizeRow } from "../text/sanitize.ts";
import type { Glyphs } from "./glyphs.ts";

/** Rows of a list at most. */
export const mostListRows = 8;
/** Below this a title would stand in the place of an item. */
const fewRows = 4;

/** The rows around the picked item, in at most `height` rows of `width` cells; arrows say that there are more. */
export function listRows(list: ShownList, width: number, height: number, glyphs: Glyphs): Row[] {
  const { items, at, title } = list;
  const titled = title !== undefined && (height >= fewRows || items.length === 0);
  const room = Math.min(height, mostListRows) - (titled ? 1 : 0);
  const count = Math.max(0, Math.min(room, items.length));
  const top = Math.max(0, Math.min(at - Math.floor(count / 2), items.length - count));
  const shown = items.slice(top, top + count);
  const labels = Math.max(0, ...shown.map(({ label }) => cells(sanitizeRow(label))));
  const fit: Fit = { width, labels: Math.min(mostLabel(shown, width), labels), glyphs };
  const rows = shown.map((item, index) => {
    const isPicked = top + index === at;
    return itemRow(
      item,
      isPicked ? glyphs.picked : moreMark(top, index, count, items.length, glyphs),
      isPicked,
      fit,
    );
  });
  return titled ? [[piece(clip(sanitizeRow(title), width, glyphs.ellipsis), "dim")], ...rows] : rows;
}

/** Labels alone have the whole row. */
function mostLabel(items: readonly Choice[], width: number): number {
  return items.every(({ detail }) => detail === "") ? width - 2 : Math.floor(width / 2);
}

interface Fit {
  readonly width: number;
  /** cells of the column of labels */
  readonly labels: number;
  readonly glyphs: Glyphs;
}

function itemRow(item: Choice, mark: string, isPicked: boolean, { width, labels, glyphs }: Fit): Row {
  const label = clip(sanitizeRow(item.label), labels, glyphs.ellipsis);
  const gap = " ".repeat(labels - cells(label) + 2);
  const detail = clip(sanitizeRow(item.detail), Math.max(0, width - 4 - labels), glyphs.ellipsis);
  const name = [piece(`${mark} `, isPicked ? "strong" : "dim"), piece(label, isPicked ? "strong" : "text")];
  return detail === "" ? name : [...name, piece(gap), piece(detail, "dim")];
}

function moreMark(top: number, index: number, count: number, all: number, glyphs: Glyphs): string {
  if (index === 0 && top > 0) return glyphs.up;
  return index === count - 1 && top + count < all ? glyphs.down : " ";
}
