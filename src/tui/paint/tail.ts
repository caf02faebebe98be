import type { AnswerSlot } from "../../chat/index.ts";
import { layoutFor } from "../markdown/reading.ts";
import type { Answer, ChatState } from "../store/state.ts";
import type { Glyphs } from "./glyphs.ts";
import { doubtedPieces } from "../text/doubt.ts";
import { piece, rowText, type Piece, type Row } from "../text/row.ts";
import { sanitize } from "../text/sanitize.ts";

/**
 * A masked slot: a word's worth of mask. All slots have the same, whatever the model guesses: of all widths tried,
 * and of the guesses' own, this one moves the text beside it least when slots resolve.
 */
const maskCells = 3;

/**
 * The end of the answer that is not in the scrollback yet: the unfinished row, and the block being decoded with
 * its masks in their places. Where that is higher than `height`, it begins at the first mask's row.
 */
export function tailRows(state: ChatState, width: number, height: number, glyphs: Glyphs): Row[] {
  const [entry] = state.page;
  if (entry?.kind !== "answer" || !entry.open) return [];
  const before = entry.flow.pieces;
  const slots = state.view.motion ? slotPieces(state.answer, before, glyphs) : [];
  const layout = layoutFor(state.reading, glyphs);
  const rows = layout({ ...entry.flow, pieces: [...before, ...slots] }, width, false).flatMap(
    (unit) => unit.rows,
  );
  const shown = entry.flow.begun ? rows : rows.slice(rows.findIndex((row) => rowText(row).trim() !== ""));
  return windowOf(trimmed(shown), height);
}

function slotPieces(answer: Answer | undefined, before: readonly Piece[], glyphs: Glyphs): Piece[] {
  const pieces: Piece[] = [];
  let last = before.at(-1)?.text.at(-1) ?? "\n";
  for (const slot of answer?.view.block?.slots ?? []) {
    if (!slot.kept) break;
    const next = slotPiece(slot, last, glyphs);
    last = next.at(-1)?.text.at(-1) ?? last;
    pieces.push(...next);
  }
  return pieces;
}

function slotPiece(slot: AnswerSlot, last: string, glyphs: Glyphs): Piece[] {
  if (slot.state === "resolved") return doubtedPieces(slot.text, slot.confidence);
  if (slot.draft !== undefined && !slot.draft.refused) return [piece(sanitize(slot.draft.text), "dim")];
  return [piece((/\s/.test(last) ? "" : " ") + glyphs.mask.repeat(maskCells), "mask")];
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
