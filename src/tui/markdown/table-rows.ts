import { cells } from "../text/graphemes.ts";
import { piece, rowWidth, type Form, type Row } from "../text/row.ts";
import { wrap } from "../text/wrap.ts";
import { cellTexts, fitColumns } from "./columns.ts";
import type { Setting } from "./step.ts";
import type { Column } from "./place.ts";
import type { InlineText, Source, SourceLine } from "./source.ts";

/** A row of a table, as many rows high as its highest cell; undefined: the columns do not fit beside one another. */
export function tableRows(
  source: Source,
  line: SourceLine,
  columns: readonly Column[],
  setting: Setting,
  also: readonly Form[] = [],
): Row[] | undefined {
  const widths = fitColumns(columns, setting.width);
  if (widths === undefined) return undefined;
  const texts = cellTexts(source, line, !setting.color);
  const filled = widths.map((width, index) => wrapCell(texts[index], width, also));
  const height = Math.max(...filled.map((each) => each.length));
  return Array.from({ length: height }, (_, row) =>
    columns.flatMap((column, index): Row => {
      const bar = index === 0 ? [] : [piece(` ${setting.glyphs.bar} `, "dim")];
      const last = index === columns.length - 1;
      return [...bar, ...aligned(filled[index]?.[row] ?? [], widths[index] ?? 0, column.align, last)];
    }),
  );
}

function wrapCell(text: InlineText | undefined, width: number, also: readonly Form[]): Row[] {
  if (text === undefined) return [];
  return wrap(text.text, width).map(({ start, end }) => text.row(start, end, also));
}

function aligned(row: Row, width: number, align: Column["align"], last: boolean): Row {
  const room = Math.max(0, width - rowWidth(row));
  const left = align === "left" ? 0 : align === "right" ? room : Math.floor(room / 2);
  const right = last ? 0 : room - left;
  return [piece(" ".repeat(left)), ...row, piece(" ".repeat(right))].filter((each) => each.text !== "");
}

/** The rule below the head. */
export function ruleRow(columns: readonly Column[], { width, glyphs }: Setting): Row {
  const widths = fitColumns(columns, width) ?? [];
  const lines = widths.map((each) => glyphs.rule.repeat(each));
  return [piece(lines.join(`${glyphs.rule}${glyphs.cross}${glyphs.rule}`), "dim")];
}

/** The cells of a row below one another, each with its column's title. */
export function recordRows(
  source: Source,
  line: SourceLine,
  columns: readonly Column[],
  { width, color }: Setting,
): Row[] {
  return cellTexts(source, line, !color).flatMap((text, index) => {
    const title = columns[index]?.title ?? "";
    const named: Row = title === "" || cells(title) + 2 > width / 2 ? [] : [piece(`${title}: `, "dim")];
    const room = Math.max(1, width - rowWidth(named));
    const margin: Row = [piece(" ".repeat(rowWidth(named)))];
    return wrap(text.text, room).map(({ start, end }, at) =>
      (at === 0 ? named : margin).concat(text.row(start, end)),
    );
  });
}
