import type { EditorView } from "../editor/layout.ts";
import { labelPattern } from "../editor/chips.ts";
import { shownMessage } from "../editor/draft.ts";
import { viewOf } from "../editor/rows.ts";
import { isAnswering, type ChatState } from "../store/state.ts";
import { wrap } from "../text/wrap.ts";
import { cells, clip } from "../text/graphemes.ts";
import { sanitize } from "../text/sanitize.ts";
import { inspectorHeight, inspectorRows } from "../inspect/rows.ts";
import { shownList } from "../lists/open.ts";
import { blockLine } from "./block-line.ts";
import type { Glyphs } from "./glyphs.ts";
import { listRows } from "./list-rows.ts";
import { clipRow, piece, type Row } from "../text/row.ts";
import { knobHelp, knobKeys, knobRow } from "./knob-row.ts";
import { statusRow } from "./status.ts";
import { tailRows } from "./tail.ts";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The live region: rows from top to bottom, and the cell of the cursor in it. */
export interface Picture {
  readonly rows: readonly Row[];
  readonly cursor?: { readonly x: number; readonly y: number };
}

/** Rows of the live region at most; what a frame costs grows with them. */
const mostRows = 12;
const mostEditorRows = 5;
const mostNoticeRows = 3;
const mark = "> ";

/** Cells of a row of text: two stay free, for terminals that think a character wider than we do. */
export function textWidth({ columns }: Size): number {
  return Math.max(1, columns - 2);
}

/** Cells of a row of the prompt. */
export function promptWidth(size: Size): number {
  return Math.max(1, textWidth(size) - cells(mark));
}

/** Rows that the live region may take in a terminal of this size: two less than it has, for the row above stays. */
export function heightLimit({ rows }: Size, inspector = 0): number {
  return Math.max(1, Math.min(mostRows + inspector, rows - 2));
}

/**
 * Draws the live region: end of the answer, block line, list, rule, prompt, status. Pure: the same state and size give
 * the same picture. While nothing is decoded a blank row stands in for the block line. In a low terminal the parts
 * give way: first notices, then rule, block line and status; a row of text and the prompt stay. The region never gets
 * lower by itself (see ChatState.floor): the prompt stays where it is.
 */
export function paint(state: ChatState, size: Size, glyphs: Glyphs): Picture {
  if (state.leaving) return { rows: [] };
  if (tooSmall(size)) return { rows: [[piece(clip("too small", size.columns, ""))]] };
  const width = textWidth(size);
  const limit = heightLimit(size, inspectorHeight(state, width));
  const room = new Room(limit - 1);
  const wantsTail = isAnswering(state) && room.take(1) > 0;
  const knobs = state.knobRow && knobRow(state, state.knobRow, width, glyphs);
  const status = room.fit([knobs?.row ?? statusRow(state, width, glyphs)]);
  const working = blockLine(state, width, glyphs);
  const block = room.fit(working === undefined ? [] : [working]);
  const shown = shownList(state);
  const list = shown === undefined ? [] : room.fit(listRows(shown, width, listRoom(room.left), glyphs));
  const inspector = room.fit(inspectorRows(state, width, glyphs));
  const rule = room.fit([ruleRow(state, width, glyphs)]);
  const gap = room.fit(working === undefined ? [[]] : []);
  const notice = room.fit(noticeRows(state, width, glyphs));
  const editor = viewOf(state.editor, promptWidth(size), Math.min(mostEditorRows, 1 + room.left));
  room.take(editor.rows.length - 1);
  const tail = tailRows(state, width, room.left + (wantsTail ? 1 : 0), glyphs);
  const prompt =
    state.editor.text === ""
      ? [invitation(state, width, glyphs)]
      : editor.rows.map((_, index) => promptRow(index, editor, glyphs));
  const fixed = [...gap, ...notice, ...block, ...inspector, ...list, ...rule];
  const below = [...prompt, ...status];
  const missing = Math.min(state.floor, limit) - tail.length - fixed.length - below.length;
  const above = [...tail, ...Array.from({ length: Math.max(0, missing) }, () => []), ...fixed];
  const rows = [...above, ...below].map((row) => clipRow(row, width));
  if (knobs !== undefined) {
    const last = rows.length - 1;
    return { rows: rows.with(last, clipRow(knobs.row, width)), cursor: { x: knobs.cursor, y: last } };
  }
  const cursor = { x: cells(mark) + editor.cursor.column, y: above.length + editor.cursor.row };
  return { rows, cursor };
}

/** Where there is any choice, the rule between list and prompt stays. */
const listRoom = (left: number) => (left > 4 ? left - 1 : left);

function tooSmall({ columns, rows }: Size): boolean {
  return columns < 12 || rows < 3;
}

function ruleRow(state: ChatState, width: number, glyphs: Glyphs): Row {
  if (state.knobRow !== undefined) return knobHelp(state, state.knobRow, width, glyphs);
  return [piece(glyphs.rule.repeat(Math.min(40, width)), "dim")];
}

/** What stands in an empty prompt, behind the cursor. */
function invitation(state: ChatState, width: number, glyphs: Glyphs): Row {
  const words =
    state.knobRow === undefined
      ? [piece(state.search === undefined ? "message, or ? for help" : "words of an earlier message", "dim")]
      : knobKeys(state, width - cells(mark), glyphs);
  return [piece(mark, "user"), ...words];
}

function promptRow(index: number, { rows, more }: EditorView, glyphs: Glyphs): Row {
  const scrolled =
    index === 0 ? more.above && glyphs.up : index === rows.length - 1 && more.below && glyphs.down;
  const lead = scrolled ? piece(`${scrolled} `, "dim") : piece(index === 0 ? mark : "  ", "user");
  const parts = (rows[index] ?? "").split(labelPattern);
  return [lead, ...parts.map((part, at) => piece(sanitize(part), at % 2 === 1 ? "pending" : "text"))];
}

const editingText = (number: number) => `editing message ${number}: enter goes on from there, esc cancels`;

/** Messages that wait for their turn, and what the program has to say just now. */
function noticeRows(state: ChatState, width: number, glyphs: Glyphs): Row[] {
  const { editing, notice, queue } = state;
  const most = notice === undefined ? mostNoticeRows : 1;
  const waiting = queue.slice(0, most).map(({ message }, index) => {
    const behind = index === most - 1 ? queue.length - most : 0;
    return queuedRow(shownMessage(message), behind, width, glyphs);
  });
  const edited = editing === undefined ? [] : [dimRow(editingText(editing), width, glyphs)];
  const above = [...edited, ...waiting];
  if (notice === undefined) return above.slice(0, mostNoticeRows);
  const { text } = notice;
  const rows = wrap(text, width).map(({ start, end }): Row => [piece(text.slice(start, end), notice.style)]);
  return [...above.slice(0, 1), ...rows].slice(0, mostNoticeRows);
}

/** @param behind how many wait behind it that are not shown */
function queuedRow(message: string, behind: number, width: number, glyphs: Glyphs): Row {
  const text = `next: ${sanitize(message).replaceAll(/\s+/g, " ")}`;
  if (behind <= 0) return dimRow(text, width, glyphs);
  const more = `  and ${behind} more`;
  return [piece(clip(text, Math.max(0, width - cells(more)), glyphs.ellipsis), "dim"), piece(more, "dim")];
}

const dimRow = (text: string, width: number, glyphs: Glyphs): Row => [
  piece(clip(text, width, glyphs.ellipsis), "dim"),
];

/** Rows of the live region still to be given away. */
class Room {
  left: number;

  constructor(rows: number) {
    this.left = Math.max(0, rows);
  }

  take(rows: number): number {
    const taken = Math.min(this.left, Math.max(0, rows));
    this.left -= taken;
    return taken;
  }

  /** As many of the rows as there is room for. */
  fit(rows: readonly Row[]): readonly Row[] {
    return rows.slice(0, this.take(rows.length));
  }
}
