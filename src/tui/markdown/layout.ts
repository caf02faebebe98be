import type { Flow, FlowUnit } from "../text/flow.ts";
import { clipRow, piece } from "../text/row.ts";
import { readBlock, readCodeLine } from "./blocks.ts";
import { layoutCode } from "./code.ts";
import { startOfText, type Place } from "./place.ts";
import { layoutProse } from "./prose.ts";
import { Source, withoutUnknown, type SourceLine } from "./source.ts";
import { restAt, type Setting, type Step } from "./step.ts";
import { layoutTable } from "./table.ts";

/**
 * Lays out Markdown. A unit that is settled depends on nothing that can come: a line is what its beginning says (a
 * line feed within a paragraph stays one, and what underlines a heading is a rule below it), a mark means something
 * only if it closes near, and a table takes its widths from its first rows.
 */
export function layoutMarkdown(
  flow: Flow,
  width: number,
  final: boolean,
  options: Omit<Setting, "width" | "final">,
): FlowUnit[] {
  const source = new Source(flow.pieces);
  const setting: Setting = { ...options, width, final };
  const units: FlowUnit[] = [];
  let place = flow.place ?? startOfText;
  for (let at = 0; at <= source.text.length;) {
    if (place.fence === undefined && isBlank(units.at(-1))) at = skipFeeds(source.text, at);
    const step = readStep(source, at, place, setting);
    if (!repeatsBlank(units, step, place)) units.push(...step.units);
    at = step.next;
    place = step.place;
  }
  return units;
}

/** Of many line feeds the last counts: the others make blank lines beside a blank line. */
function skipFeeds(text: string, at: number): number {
  let last = at;
  while (text[last] === "\n" && text[last + 1] === "\n") last++;
  return last;
}

function isBlank(unit: FlowUnit | undefined): boolean {
  return unit?.whole.every((each) => each.text.trim() === "") === true;
}

/** Of blank lines one stays, but in code all. */
function repeatsBlank(units: readonly FlowUnit[], { units: added }: Step, { fence }: Place): boolean {
  return fence === undefined && added.length === 1 && isBlank(added[0]) && isBlank(units.at(-1));
}

function readStep(source: Source, at: number, place: Place, setting: Setting): Step {
  const line = source.lineAt(at, setting.final);
  if (place.midCode === true) return layoutCode(source, line, line.start, place, setting);
  if (place.fence !== undefined) return readFenced(source, line, place, setting);
  const { lead, table: _, ...rest } = place;
  if (lead !== undefined) {
    const text = { line, from: line.start, lead, undecided: false };
    return layoutProse(source, text, place, { ...rest, shown: 0 }, setting);
  }
  const found = layoutTable(source, line, place, setting);
  if (found === undefined || found === "undecided")
    return readLine(source, line, rest, setting, found === "undecided");
  return found;
}

function readFenced(source: Source, line: SourceLine, place: Place, setting: Setting): Step {
  const { fence, ...outside } = place;
  if (fence === undefined) return readLine(source, line, place, setting);
  const block = readCodeLine(line.text, fence);
  if (block.kind === "code") return layoutCode(source, line, line.start + block.from, place, setting);
  if (block.kind === "outside") return readStep(source, line.start, outside, setting);
  return drawn(line, setting.glyphs.rule.repeat(3), outside, setting);
}

/** Reads a line that no line before it has a say in; `undecided`: one behind it may have. */
function readLine(source: Source, line: SourceLine, place: Place, setting: Setting, undecided = false): Step {
  const { glyphs, width } = setting;
  const block = readBlock(line.text, place, glyphs);
  if (block.kind === "fence") {
    const language = withoutUnknown(block.fence.language);
    const fence = { ...block.fence, language };
    const label = `${glyphs.rule.repeat(3)} ${language}`.trimEnd();
    return drawn(line, label, { ...place, fence }, setting);
  }
  if (block.kind === "rule") {
    const length = Math.max(1, Math.min(40, width - block.lead.length));
    return drawn(line, block.lead + glyphs.rule.repeat(length), { lists: [], shown: 0 }, setting);
  }
  const { from, lead, lists } = block;
  const text = { line, from: line.start + from, lead, undecided };
  return layoutProse(source, text, place, { lists, shown: 0 }, setting);
}

/** A line that a drawing stands for. */
function drawn(line: SourceLine, drawing: string, after: Place, { width }: Setting): Step {
  const row = clipRow([piece(drawing, "dim")], width);
  const rest = restAt(line.end + 1, after);
  return {
    units: [{ rows: [row], whole: row, settled: line.closed, rest }],
    next: line.end + 1,
    place: after,
  };
}
