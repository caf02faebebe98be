import type { Fence, Lead, ListLevel, Place } from "./place.ts";
import type { ReadingGlyphs } from "./reading.ts";

/** What a line is, and where in it the text begins. */
export type Block =
  | {
      readonly kind: "text";
      readonly from: number;
      readonly lead: Lead;
      readonly lists: readonly ListLevel[];
    }
  | { readonly kind: "rule"; readonly lead: string }
  | { readonly kind: "fence"; readonly fence: Fence };

/** What a line inside of a fenced block is: code, the fence that closes it, or a line that has left its quote. */
export type CodeLine =
  | { readonly kind: "code"; readonly from: number }
  | { readonly kind: "close" }
  | { readonly kind: "outside" };

/** A line longer than this is text, whatever it looks like; nothing waits for the end of a longer one. */
export const longestMark = 1000;

const mostQuotes = 6;
const mostLevels = 8;
const quoteMarks = new RegExp(`^(?: {0,3}> ?){1,${mostQuotes}}`);
const fenceLine = /^(\s*)(`{3,}|~{3,})\s*([^`\s]*)[^`]*$/;
const ruleLine = /^ {0,3}(?:([-*_])(?:\s*\1){2,}|={3,})\s*$/;
const headingLine = /^ {0,3}(#{1,6})(?:\s+|$)/;
const itemLine = /^(\s*)(?:([-*+])|(\d{1,9}[.)]))(?:\s+|$)/;

/** Reads what kind of line it is where no code is open. */
export function readBlock(line: string, { lists }: Place, glyphs: ReadingGlyphs): Block {
  const quote = quoteMarks.exec(line)?.[0] ?? "";
  const quotes = quote.split(">").length - 1;
  const bars = `${glyphs.bar} `.repeat(quotes);
  const rest = line.slice(quote.length);
  if (rest.length <= longestMark) {
    const fence = readFence(rest, quotes);
    if (fence !== undefined) return { kind: "fence", fence };
    if (ruleLine.test(rest)) return { kind: "rule", lead: bars };
  }
  const [marks, level = ""] = headingLine.exec(rest) ?? [];
  if (marks !== undefined) {
    const heading = level.length === 1 ? 2 : 1;
    const lead: Lead = { first: bars, others: bars, heading };
    return { kind: "text", from: quote.length + marks.length, lead, lists: [] };
  }
  return readItem(rest, quote.length, bars, lists, glyphs) ?? readText(rest, quote.length, bars, lists);
}

/** Reads a line inside of a fenced block. */
export function readCodeLine(line: string, fence: Fence): CodeLine {
  let from = 0;
  for (let index = 0; index < fence.quotes; index++) {
    const quote = /^ {0,3}> ?/.exec(line.slice(from))?.[0];
    if (quote === undefined) return { kind: "outside" };
    from += quote.length;
  }
  const rest = line.slice(from, from + longestMark);
  const closing = /^\s*(`{3,}|~{3,})\s*$/.exec(rest)?.[1];
  const closes = closing?.startsWith(fence.run) === true && line.length - from < longestMark;
  if (closes) return { kind: "close" };
  const indent = /^[ \t]*/.exec(rest)?.[0].length ?? 0;
  return { kind: "code", from: from + Math.min(indent, fence.indent) };
}

function readFence(rest: string, quotes: number): Fence | undefined {
  const [all, indent = "", run = "", language = ""] = fenceLine.exec(rest) ?? [];
  if (all === undefined) return undefined;
  return { run, indent: indent.length, quotes, language: language.toLowerCase(), context: "" };
}

function readItem(
  rest: string,
  quote: number,
  bars: string,
  lists: readonly ListLevel[],
  glyphs: ReadingGlyphs,
): Block | undefined {
  const [all, space = "", bullet, number] = itemLine.exec(rest) ?? [];
  if (all === undefined) return undefined;
  const outer = lists.filter((level) => level.indent + 2 <= space.length).slice(0, mostLevels);
  const marker = number ?? (bullet === undefined ? "" : glyphs.bullet);
  const margin = outer.at(-1)?.hang ?? 0;
  const hang = margin + marker.length + 1;
  const lead: Lead = {
    first: `${bars}${" ".repeat(margin)}${marker} `,
    others: bars + " ".repeat(hang),
    heading: 0,
  };
  return { kind: "text", from: quote + all.length, lead, lists: [...outer, { indent: space.length, hang }] };
}

/** Text that goes on in an item stands under the item's; other text ends the lists. */
function readText(rest: string, quote: number, bars: string, lists: readonly ListLevel[]): Block {
  const indent = /^ */.exec(rest)?.[0].length ?? 0;
  const blank = rest.trim() === "";
  const inside = blank ? lists : lists.filter((level) => level.indent < indent);
  const hang = " ".repeat(blank ? 0 : (inside.at(-1)?.hang ?? 0));
  const lead: Lead = { first: bars + hang, others: bars + hang, heading: 0 };
  const from = quote + (inside.length > 0 || indent < 4 ? indent : 0);
  return { kind: "text", from, lead, lists: inside };
}
