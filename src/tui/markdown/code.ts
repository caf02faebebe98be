import { longestLine, type FlowUnit } from "../text/flow.ts";
import { remark, sliceRow, type Row } from "../text/row.ts";
import { wrap } from "../text/wrap.ts";
import { restAt, type Setting, type Step } from "./step.ts";
import type { Fence, Place } from "./place.ts";
import type { Source, SourceLine } from "./source.ts";

/** Lines longer than this, and what a line depends on beyond that, keep their colour to themselves. */
const longestColored = 500;
const longestContext = 3000;

/** Lays out a line of code that begins at `from`: whole, or, where it is too long to wait for its end, in rows. */
export function layoutCode(
  source: Source,
  line: SourceLine,
  from: number,
  place: Place,
  setting: Setting,
): Step {
  const start = Math.min(from, line.end);
  const { midCode, ...lineStart } = place;
  const pieces = sliceRow(source.pieces, start, line.end);
  const text = pieces.map((each) => each.text).join("");
  const wrapped = wrap(text, setting.width, "cells");
  if (midCode !== true && text.length <= longestLine) {
    const { row, fence } = colored(pieces, text, place.fence, setting);
    const after: Place = fence === undefined ? place : { ...place, fence };
    const rows = wrapped.map((each) => sliceRow(row, each.start, each.end));
    const rest = restAt(line.end + 1, after);
    return { units: [{ rows, whole: row, settled: line.closed, rest }], next: line.end + 1, place: after };
  }
  const units = wrapped.map((each, index): FlowUnit => {
    const row = sliceRow(pieces, each.start, each.end);
    const last = index === wrapped.length - 1;
    const rest = last
      ? restAt(line.end + 1, lineStart)
      : restAt(start + each.next, { ...place, midCode: true });
    return { rows: [row], whole: row, settled: !last || line.closed, rest };
  });
  return { units, next: line.end + 1, place: lineStart };
}

/** The line in its colours, and the fence as it stands behind the line. */
function colored(
  pieces: Row,
  text: string,
  fence: Fence | undefined,
  { highlight, color }: Setting,
): { row: Row; fence?: Fence } {
  if (fence === undefined) return { row: pieces };
  if (!color || highlight === undefined || text.length > longestColored) return { row: pieces, fence };
  const found = highlight(fence.language, fence.context, text);
  if (found === undefined) return { row: pieces, fence };
  const grown = `${fence.context}${text}\n`;
  const context = found.complete || grown.length > longestContext ? "" : grown;
  let at = 0;
  const row = found.parts.flatMap(({ text: part, form }) => {
    const own = sliceRow(pieces, at, at + part.length);
    at += part.length;
    return form === undefined ? own : own.map((each) => remark(each, { forms: [form] }));
  });
  return { row, fence: { ...fence, context } };
}
