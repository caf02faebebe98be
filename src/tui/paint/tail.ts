import type { AnswerSlot } from "../../chat/index.ts";
import { layoutFlow } from "../text/flow.ts";
import type { Answer, ChatState } from "../store/state.ts";
import { sanitize } from "../text/sanitize.ts";
import type { Glyphs } from "./glyphs.ts";
import { doubtOf } from "../text/doubt.ts";
import { piece, rowText, type Piece, type Row } from "../text/row.ts";

/**
 * The end of the answer that is not in the scrollback yet: the unfinished row, and the block being decoded with
 * its masks in their places. Where that is higher than `height`, it begins at the first mask's row.
 */
export function tailRows(state: ChatState, width: number, height: number, glyphs: Glyphs): Row[] {
  const [entry] = state.page;
  if (entry?.kind !== "answer" || !entry.open) return [];
  const settled = entry.flow.pieces;
  const slots = state.view.motion ? slotPieces(state.answer, glyphs) : [];
  const rows = layoutFlow({ ...entry.flow, pieces: [...settled, ...slots] }, width).flatMap(
    (unit) => unit.rows,
  );
  const shown = entry.flow.begun ? rows : rows.slice(rows.findIndex((row) => rowText(row).trim() !== ""));
  return windowOf(trimmed(shown), height);
}

function slotPieces(answer: Answer | undefined, glyphs: Glyphs): Piece[] {
  const kept = answer?.view.block?.slots.filter((slot) => slot.kept) ?? [];
  return kept.map((slot) => slotPiece(slot, answer?.shapes[slot.position] ?? "", glyphs));
}

function slotPiece(slot: AnswerSlot, shape: string, glyphs: Glyphs): Piece {
  if (slot.state === "masked") return piece(shape.replaceAll("░", glyphs.mask), "mask");
  return piece(sanitize(slot.text), doubtOf(slot.confidence));
}

/** Blank rows at the end may still become the gap before a paragraph, or nothing. */
function trimmed(rows: readonly Row[]): Row[] {
  const last = rows.findLastIndex((row) => rowText(row).trim() !== "");
  return rows.slice(0, last + 1);
}

function windowOf(rows: Row[], height: number): Row[] {
  if (rows.length <= height) return rows;
  const mask = rows.findIndex((row) => row.some((each) => each.style === "mask"));
  const top = mask === -1 ? rows.length - height : Math.min(mask, rows.length - height);
  return rows.slice(top, top + height);
}
