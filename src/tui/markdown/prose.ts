import { longestLine, type FlowUnit } from "../text/flow.ts";
import { cells } from "../text/graphemes.ts";
import { piece, type Form, type Row } from "../text/row.ts";
import { wrap, type WrappedRow } from "../text/wrap.ts";
import { reach } from "./delimiters.ts";
import { restAt, type Setting, type Step } from "./step.ts";
import type { Lead, Place } from "./place.ts";
import type { InlineText, Source, SourceLine } from "./source.ts";

/** A line of text: what begins its rows, and where it itself begins. */
export interface ProseLine {
  readonly line: SourceLine;
  readonly from: number;
  readonly lead: Lead;
  /** what comes can make it another kind of line */
  readonly undecided: boolean;
}

/** A stretch of it as it is shown. */
interface Stretch {
  readonly inline: InlineText;
  readonly rows: readonly WrappedRow[];
  /** of the rows: how many are as they will stay */
  readonly settled: number;
  /** of the rows: how many are in the stretch; all, where it is the last */
  readonly count: number;
  /** up to where the source was read */
  readonly end: number;
}

/** Lays out a line of text in rows; `before` and `after`: what is known at its start and behind it. */
export function layoutProse(
  source: Source,
  prose: ProseLine,
  before: Place,
  after: Place,
  setting: Setting,
): Step {
  const { line } = prose;
  const units: FlowUnit[] = [];
  let { from } = prose;
  let lead = fittingLead(prose.lead, setting.width);
  let place = before;
  let start = line.start;
  for (;;) {
    const stretch = readStretch(source, { ...prose, from, lead }, place.shown, setting);
    const { inline, rows, count } = stretch;
    const last = count === rows.length && stretch.end === line.end;
    const cut =
      count === rows.length ? stretch.end : from + inline.sourceAt(rows[count - 1]?.next ?? 0).offset;
    const behind = last ? line.end + 1 : cut;
    const rest: Lead = { ...lead, first: lead.others };
    const placeBehind = last ? after : { ...after, lead: rest };
    const drawn = { stretch, lead, before: restBefore(start, place), behind: restAt(behind, placeBehind) };
    const unbroken =
      setting.wrap === "terminal" && place.lead === undefined && line.end - from <= longestLine;
    units.push(...(unbroken ? wholeUnit(drawn, line.closed) : rowUnits(drawn, place.shown)));
    if (last) return { units, next: line.end + 1, place: after };
    from = behind;
    start = behind;
    lead = rest;
    place = placeBehind;
  }
}

type Rest = FlowUnit["rest"];
const restBefore =
  (start: number, place: Place) =>
  (shown: number): Rest =>
    restAt(start, { ...place, shown });

interface Drawn {
  readonly stretch: Stretch;
  readonly lead: Lead;
  readonly before: (shown: number) => Rest;
  readonly behind: Rest;
}

function readStretch(source: Source, prose: ProseLine, shown: number, setting: Setting): Stretch {
  const { line, from, lead, undecided } = prose;
  const end = Math.min(line.end, from + 2 * longestLine + 4 * reach);
  const closed = line.closed && end === line.end;
  const inline = source.inline(Math.min(from, end), end, closed, !setting.color);
  const width = Math.max(1, setting.width - cells(lead.others));
  const wrapped = (text: string) => wrap(text.slice(shown), width).map((row) => movedBy(shown, row));
  const rows = wrapped(inline.text);
  const sure = inline.pending === Infinity ? rows : wrapped(inline.text.slice(0, inline.pending));
  const settled = undecided ? 0 : closed ? rows.length : sure.length - 1;
  const count = line.end - from <= longestLine ? rows.length : cutOf(inline, rows);
  return { inline, rows, settled, count, end };
}

function movedBy(shown: number, { start, end, next, ends }: WrappedRow): WrappedRow {
  return { start: start + shown, end: end + shown, next: next + shown, ends };
}

/** The row after which the next stretch begins: behind `longestLine`, and where no mark is open if there is such a place. */
function cutOf(inline: InlineText, rows: readonly WrappedRow[]): number {
  const cut = rows.findIndex(({ next, ends }) => {
    const { offset, plain } = inline.sourceAt(next);
    return ends === "wrap" && offset >= longestLine && (plain || offset >= longestLine * 1.5);
  });
  return cut === -1 ? rows.length : cut + 1;
}

function rowUnits({ stretch, lead, before, behind }: Drawn, shown: number): FlowUnit[] {
  const { inline, rows, settled, count } = stretch;
  return rows.slice(0, count).map(({ start, end, next }, index) => {
    const begins = index === 0 && shown === 0 ? lead.first : lead.others;
    const row = [...leadPieces(begins), ...inline.row(start, end, formsOf(lead))];
    return {
      rows: [row],
      whole: row,
      settled: index < settled,
      rest: index === count - 1 ? behind : before(next),
    };
  });
}

function wholeUnit(drawn: Drawn, closed: boolean): FlowUnit[] {
  const { inline } = drawn.stretch;
  const rows = rowUnits(drawn, 0).flatMap((unit) => unit.rows);
  const whole = [...leadPieces(drawn.lead.first), ...inline.row(0, Infinity, formsOf(drawn.lead))];
  return [{ rows, whole, settled: closed && drawn.stretch.settled > 0, rest: drawn.behind }];
}

function formsOf({ heading }: Lead): Form[] {
  if (heading === 0) return [];
  return heading === 2 ? ["title"] : ["bold"];
}

/** Bars are drawings; numbers and bullets are text. */
function leadPieces(text: string): Row {
  const bars = /^(?:[│|] )*/.exec(text)?.[0] ?? "";
  return [piece(bars, "dim"), piece(text.slice(bars.length))].filter((each) => each.text !== "");
}

/** Where the lead would leave the text less than half of the row, it goes without its indent. */
function fittingLead(lead: Lead, width: number): Lead {
  if (cells(lead.first) * 2 <= width) return lead;
  const marker = `${lead.first.trim().slice(-3)} `.trimStart();
  const first = cells(marker) * 2 <= width ? marker : "";
  return { ...lead, first, others: " ".repeat(cells(first)) };
}
