import type { AnswerSlot } from "../../chat/index.ts";
import { layoutFor } from "../markdown/reading.ts";
import type { Answer } from "../store/shown-answer.ts";
import type { ChatState } from "../store/state.ts";
import { maskedSlot, type Glyphs } from "./glyphs.ts";
import { doubtedPieces, withoutDoubt } from "../text/doubt.ts";
import { piece, rowText, type Piece, type Row } from "../text/row.ts";
import { sanitize } from "../text/sanitize.ts";

/**
 * The end of the answer that is not in the scrollback yet: the unfinished row, and the block being decoded with
 * its masks in their places. Where that is higher than `height`, it begins at the first mask's row.
 */
export function tailRows(state: ChatState, width: number, height: number, glyphs: Glyphs): Row[] {
  const [entry] = state.page;
  if (entry?.kind !== "answer" || !entry.open) return [];
  const before = entry.flow.pieces;
  const { motion } = state.view;
  const slots = motion ? slotPieces(state.answer, before, glyphs) : [];
  const layout = layoutFor(state.reading, glyphs);
  const laidOut = (wanted: readonly Piece[]) =>
    layout({ ...entry.flow, pieces: wanted }, width, false).flatMap((unit) => unit.rows);
  const plain = [...before, ...slots];
  const pieces = motion ? withRefusal(state, before, slots) : plain;
  const laid = laidOut(pieces);
  // Where the row of the guess has gone, its text would only move what is left of the line.
  const isGone = pieces.length > plain.length && !laid.some(hasRefusal);
  const all = isGone ? laidOut(plain) : laid;
  const rows = all.map(state.heat === "off" ? withoutDoubt : (row) => row);
  const shown = entry.flow.begun ? rows : rows.slice(rows.findIndex((row) => rowText(row).trim() !== ""));
  return windowOf(trimmed(shown), height);
}

const hasRefusal = (row: Row) => row.some(({ style }) => style === "refused");

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

/** The text with the guess that was just refused struck out before what took its place, if that is still below. */
function withRefusal({ answer, now }: ChatState, before: readonly Piece[], slots: readonly Piece[]): Piece[] {
  const all = [...before, ...slots];
  const { refusal } = answer ?? {};
  if (answer === undefined || refusal === undefined || refusal.until <= now) return all;
  let at = answer.written - lengthOf(before);
  const index = all.findIndex((each) => {
    if (at === refusal.at) return true;
    at += each.text.length;
    return false;
  });
  return index === -1 ? all : all.toSpliced(index, 0, ...struckOut(refusal.text));
}

/** With dashes at its ends, for terminals that know no line through a word. */
function struckOut(text: string): Piece[] {
  const word = text.trimStart();
  return [piece(text.slice(0, text.length - word.length)), piece(`-${word}-`, "refused")];
}

const lengthOf = (pieces: readonly Piece[]) => pieces.reduce((sum, { text }) => sum + text.length, 0);

function slotPiece(slot: AnswerSlot, last: string, glyphs: Glyphs): Piece[] {
  if (slot.state === "resolved") return doubtedPieces(slot.text, slot.confidence);
  if (slot.draft !== undefined && !slot.draft.refused) return [piece(sanitize(slot.draft.text), "dim")];
  return [piece(maskedSlot(last, glyphs), "mask")];
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
