import type { FlowUnit } from "../text/flow.ts";
import { piece, type Row } from "../text/row.ts";
import { longestMark } from "./blocks.ts";
import { columnsOf, splitCells, withSlack } from "./columns.ts";
import { restAt, type Setting, type Step } from "./step.ts";
import type { Column, Place } from "./place.ts";
import { recordRows, ruleRow, tableRows } from "./table-rows.ts";
import type { Source, SourceLine } from "./source.ts";

/** Rows below the head that a table's widths are taken from; those after them go out as they come. */
const measuredRows = 8;

const isRow = (line: SourceLine) => line.text.length <= longestMark && /^ {0,3}\|/.test(line.text);
const delimiters = /^ {0,3}\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$/;
const delimitersBegun = /^[\s|:-]*$/;

/** The table that the line begins or goes on with; undefined: it does neither. */
export function layoutTable(
  source: Source,
  line: SourceLine,
  place: Place,
  setting: Setting,
): Step | "undecided" | undefined {
  if (!isRow(line)) return undefined;
  const { table } = place;
  if (table !== undefined) {
    const rest = restAt(line.end + 1, place);
    return { units: bodyUnits(source, line, table, setting, rest, line.closed), next: line.end + 1, place };
  }
  const under =
    line.closed && line.end < source.text.length ? source.lineAt(line.end + 1, setting.final) : undefined;
  if (under === undefined || (!under.closed && delimitersBegun.test(under.text)))
    return setting.final ? undefined : "undecided";
  const heads = splitCells(line.text).length;
  const fits = delimiters.test(under.text) && splitCells(under.text).length === heads && under.closed;
  return fits ? newTable(source, line, under, setting) : undefined;
}

function newTable(source: Source, head: SourceLine, under: SourceLine, setting: Setting): Step {
  const body: SourceLine[] = [];
  let next = under.end + 1;
  let ended = setting.final && next > source.text.length;
  while (body.length < measuredRows && next <= source.text.length) {
    const line = source.lineAt(next, setting.final);
    if (!isRow(line)) {
      ended = line.closed || line.text.trim() !== "";
      break;
    }
    body.push(line);
    next = line.end + 1;
  }
  const full = body.length === measuredRows && body.at(-1)?.closed === true;
  const settled = ended || full || (setting.final && next > source.text.length);
  const measured = columnsOf(source, head, under, body, !setting.color);
  const columns = body.length === measuredRows ? withSlack(measured, setting.width) : measured;
  const after: Place = { lists: [], shown: 0, table: columns };
  const rest = (line: SourceLine) => restAt(line.end + 1, after);
  const units = [
    ...headUnits(source, head, columns, setting, rest(under), settled),
    ...body.flatMap((line) => bodyUnits(source, line, columns, setting, rest(line), settled)),
  ];
  return { units, next, place: after };
}

type Rest = FlowUnit["rest"];

function headUnits(
  source: Source,
  line: SourceLine,
  columns: readonly Column[],
  setting: Setting,
  rest: Rest,
  settled: boolean,
): FlowUnit[] {
  const rows = tableRows(source, line, columns, setting, ["bold"]);
  const rule = rows === undefined ? recordRule(setting) : ruleRow(columns, setting);
  return unitsOf([...(rows ?? []), rule], rest, settled);
}

function bodyUnits(
  source: Source,
  line: SourceLine,
  columns: readonly Column[],
  setting: Setting,
  rest: Rest,
  settled: boolean,
): FlowUnit[] {
  const rows = tableRows(source, line, columns, setting) ?? [
    ...recordRows(source, line, columns, setting),
    recordRule(setting),
  ];
  return unitsOf(rows, rest, settled);
}

/** Stands between rows whose cells stand below one another. */
function recordRule({ glyphs }: Setting): Row {
  return [piece(glyphs.rule.repeat(3), "dim")];
}

function unitsOf(rows: readonly Row[], rest: Rest, settled: boolean): FlowUnit[] {
  return rows.map((row) => ({ rows: [row], whole: row, settled, rest }));
}
