import { sliceRow, type Piece, type Row } from "./row.ts";
import { wrap } from "./wrap.ts";
import type { Place } from "../markdown/place.ts";

/** Text of an answer that is not in the scrollback yet, and what is known of the text before it. */
export interface Flow {
  readonly pieces: readonly Piece[];
  /** inside a fenced block of code */
  readonly code: boolean;
  /** the line that the text goes on with began in an earlier row */
  readonly midLine: boolean;
  /** where Markdown is read: what is known of the text before */
  readonly place?: Place;
  /** something other than blank rows has gone out */
  readonly begun: boolean;
}

export const emptyFlow: Flow = { pieces: [], code: false, midLine: false, begun: false };

/** A stretch of the flow that goes to the scrollback together: a row of prose, or a line of code. */
export interface FlowUnit {
  /** as shown while it is live, at most `width` cells each */
  readonly rows: readonly Row[];
  /** as it goes out: one line of any length that the terminal wraps, so that it copies whole */
  readonly whole: Row;
  /** text behind it that can come will not change it */
  readonly settled: boolean;
  /** what is left of the flow behind it */
  readonly rest: Omit<Flow, "begun" | "pieces"> & { readonly offset: number };
}

/** A longer line goes out in parts before it has ended, and is read in them: the work for a row has an end. */
export const longestLine = 2000;

/** Lays out the text of an answer in rows of at most `width` cells; `final`: nothing more will come. */
export type Layout = (flow: Flow, width: number, final: boolean) => FlowUnit[];

/** Lays out text as it comes: prose in rows, or, where `whole`, in lines that the terminal wraps. */
export function layoutFlow(flow: Flow, width: number, whole = false): FlowUnit[] {
  const text = flow.pieces.map((each) => each.text).join("");
  const units: FlowUnit[] = [];
  let { code, midLine } = flow;
  for (let start = 0; start <= text.length;) {
    const feed = text.indexOf("\n", start);
    const end = feed === -1 ? text.length : feed;
    const fence = !midLine && /^ {0,3}(```|~~~)/.test(text.slice(start, end));
    // A fence waits for its end as a line of code does: only then is it known to have opened or closed anything.
    const line = { text, start, end, closed: feed !== -1, code: code || fence, whole };
    units.push(...layoutLine(flow.pieces, line, width, code !== (fence && feed !== -1)));
    code = code !== (fence && feed !== -1);
    midLine = false;
    start = end + 1;
  }
  return units;
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly closed: boolean;
  readonly code: boolean;
  readonly whole: boolean;
}

function layoutLine(pieces: Row, line: Line, width: number, codeBehind: boolean): FlowUnit[] {
  const { text, start, end, closed, code } = line;
  const wrapped = wrap(text.slice(start, end), width, code ? "cells" : "words");
  const rows = wrapped.map((row) => sliceRow(pieces, start + row.start, start + row.end));
  const behind = { offset: closed ? end + 1 : end, code: codeBehind, midLine: !closed };
  if ((code || line.whole) && end - start <= longestLine) {
    return [{ rows, whole: sliceRow(pieces, start, end), settled: closed, rest: behind }];
  }
  return rows.map((row, index) => {
    const last = index === rows.length - 1;
    const offset = start + (wrapped[index]?.next ?? 0);
    const rest = last ? behind : { offset, code, midLine: true };
    return { rows: [row], whole: row, settled: !last || closed, rest };
  });
}

const asItComes: Layout = (flow, width) => layoutFlow(flow, width);

const isBlank = (unit: FlowUnit) => unit.whole.every((each) => each.text.trim() === "");

/**
 * Takes off what is ready for the scrollback, as it goes out. Blank rows wait for what follows them, so that an answer
 * neither begins nor ends with any; `final`: nothing more will come.
 */
export function takeSettled(
  flow: Flow,
  width: number,
  final: boolean,
  layout: Layout = asItComes,
): { lines: Row[]; flow: Flow } {
  const { units, flow: left } = takeUnits(flow, width, final, layout);
  return { lines: units.map((unit) => unit.whole), flow: left };
}

/** The same, as it was laid out. */
export function takeUnits(
  flow: Flow,
  width: number,
  final: boolean,
  layout: Layout,
): { units: FlowUnit[]; flow: Flow } {
  const units = layout(flow, width, final);
  const open = final ? -1 : units.findIndex((unit) => !unit.settled);
  const ready = open === -1 ? units : units.slice(0, open);
  const last = ready.findLastIndex((unit) => !isBlank(unit));
  if (last === -1) return { units: [], flow: final ? emptyFlow : flow };
  const first = flow.begun ? 0 : ready.findIndex((unit) => !isBlank(unit));
  const { offset, ...rest } = ready[last]?.rest ?? { ...flow, offset: 0 };
  return {
    units: ready.slice(first, last + 1),
    flow: { ...rest, pieces: sliceRow(flow.pieces, offset, Infinity), begun: true },
  };
}
