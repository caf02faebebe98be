import { cells } from "../text/graphemes.ts";
import type { Alignment, Column } from "./place.ts";
import { widest, type InlineText, type Source, type SourceLine } from "./source.ts";

/** Cells between two columns: a bar and a space on both sides. */
export const gapWidth = 3;
/** Longer words are broken where the screen is narrow. */
const longestWord = 12;
const slack = 3;

/** Where the cells of a row are in it. */
export function splitCells(line: string): { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
  const bars = [...line.matchAll(/(?<!\\)\|/g)].map(({ index }) => index);
  const first = line.search(/\S/);
  let start = line[first] === "|" ? first + 1 : 0;
  for (const bar of bars) {
    if (bar < start) continue;
    found.push(trimmed(line, start, bar));
    start = bar + 1;
  }
  if (line.slice(start).trim() !== "") found.push(trimmed(line, start, line.length));
  return found;
}

function trimmed(line: string, start: number, end: number) {
  const text = line.slice(start, end);
  const from = start + text.length - text.trimStart().length;
  return { start: Math.min(from, end), end: Math.max(Math.min(from, end), start + text.trimEnd().length) };
}

/** The texts of a row's cells. */
export function cellTexts(source: Source, line: SourceLine, keepTicks: boolean): InlineText[] {
  return splitCells(line.text).map(({ start, end }) =>
    source.inline(line.start + start, line.start + end, true, keepTicks),
  );
}

/** The columns of a table, as wide as their widest text. */
export function columnsOf(
  source: Source,
  head: SourceLine,
  under: SourceLine,
  body: readonly SourceLine[],
  keepTicks: boolean,
): Column[] {
  const aligned = splitCells(under.text).map(({ start, end }) => alignmentOf(under.text.slice(start, end)));
  const titles = cellTexts(source, head, keepTicks);
  const rows = [titles, ...body.map((line) => cellTexts(source, line, keepTicks))];
  return aligned.map((align, index) => {
    const texts = rows.map((row) => row[index]?.text ?? "");
    const words = texts.flatMap((text) => text.split(/\s+/)).map(cells);
    return {
      width: Math.max(1, ...texts.map(widest)),
      least: Math.min(longestWord, Math.max(1, ...words)),
      align,
      title: titles[index]?.text ?? "",
    };
  });
}

/** Columns for rows that are not known yet: each a little wider, the last as wide as there is room for. */
export function withSlack(columns: readonly Column[], width: number): Column[] {
  const wider = columns.map(({ width: own, least, align, title }) => ({
    width: own + slack,
    least,
    align,
    title,
  }));
  const last = wider.at(-1);
  const others = wider.slice(0, -1).reduce((sum, each) => sum + each.width + gapWidth, 0);
  if (last?.align === "left") last.width = Math.max(last.width, width - others);
  return wider;
}

function alignmentOf(text: string): Alignment {
  if (!text.endsWith(":")) return "left";
  return text.startsWith(":") ? "center" : "right";
}

/** Widths that fit, the widest columns giving way first; undefined: there are too many columns for that. */
export function fitColumns(columns: readonly Column[], width: number): number[] | undefined {
  const room = width - gapWidth * (columns.length - 1);
  const least = columns.reduce((sum, each) => sum + each.least, 0);
  if (least > room) return undefined;
  const widths = columns.map((each) => Math.min(each.width, room));
  let excess = widths.reduce((sum, each) => sum + each, 0) - room;
  for (; excess > 0; excess--) {
    const spare = widths.map((each, index) => (each > (columns[index]?.least ?? each) ? each : 0));
    const most = spare.indexOf(Math.max(...spare));
    widths[most] = (widths[most] ?? 1) - 1;
  }
  return widths;
}
