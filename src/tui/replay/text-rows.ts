import type { AnswerSlot } from "../../chat/index.ts";
import { layoutFor } from "../markdown/reading.ts";
import { maskedSlot, type Glyphs } from "../paint/glyphs.ts";
import { doubtOf, withoutDoubt } from "../text/doubt.ts";
import { piece, rowText, type Piece, type Row } from "../text/row.ts";
import { sanitize } from "../text/sanitize.ts";
import { blockIndex } from "./moments.ts";
import { pastText } from "./past-text.ts";
import { markPicked } from "./picked.ts";
import { momentOf, selectedSlot, slotsAt, type ReplayState } from "./state.ts";
import { visible } from "./words.ts";

/** Cells that the brackets of the picked slot need. */
const bracketCells = 2;

/** The answer up to the shown step, the block of that step with its masks: the rows that hold the picked slot. */
export function textRows(state: ReplayState, width: number, height: number, glyphs: Glyphs): Row[] {
  const room = Math.max(1, width - bracketCells);
  const past = pastText(state, blockIndex(state.replay, state.at), room, glyphs);
  const flow = {
    ...past.flow,
    pieces: [...past.flow.pieces, ...blockPieces(state, past.flow.pieces, glyphs)],
  };
  const isLast = state.at === state.replay.moments.length - 1;
  const unsettled = layoutFor(state.reading, glyphs)(flow, room, isLast).flatMap((unit) => unit.rows);
  const rows = withoutBlankEnds([...past.rows, ...unsettled]);
  const slot = slotsAt(state)[selectedSlot(state)];
  const marked = slot === undefined ? { rows, at: 0 } : markPicked(rows, slot);
  const top = Math.max(0, Math.min(marked.at, marked.rows.length - height));
  const shown = marked.rows.slice(top, top + height);
  return state.heat ? shown : shown.map(withoutDoubt);
}

const hasText = (row: Row) => rowText(row).trim() !== "";

function withoutBlankEnds(rows: readonly Row[]): readonly Row[] {
  const first = rows.findIndex(hasText);
  return first === -1 ? [] : rows.slice(first, rows.findLastIndex(hasText) + 1);
}

/** Slots of the block as the step left them. */
function blockPieces(state: ReplayState, before: readonly Piece[], glyphs: Glyphs): Piece[] {
  const pieces: Piece[] = [];
  for (const slot of slotsAt(state)) {
    const last = pieces.at(-1) ?? before.at(-1);
    const added = slot.state === "resolved" ? placed(slot, state) : open(slot, state, last, glyphs);
    pieces.push(...added);
  }
  return pieces;
}

/** A token, behind the guess whose place it took. */
function placed(slot: AnswerSlot, state: ReplayState): Piece[] {
  const text = sanitize(slot.text);
  const word = text.trimStart();
  const doubt = state.heat ? doubtOf(slot.confidence) : "text";
  const isFresh = slot.step === momentOf(state).block.step - 1;
  const refused = slot.draft?.refused === true ? struck(slot.draft.text) : [];
  return [
    ...refused,
    { ...piece(text.slice(0, text.length - word.length)), slot: slot.position },
    { ...piece(word, doubt === "text" && isFresh ? "strong" : doubt), slot: slot.position },
  ].filter((each) => each.text !== "");
}

/** A mask; or the guess that fell with one before it; or, where that is asked, the present best token. */
function open(slot: AnswerSlot, state: ReplayState, last: Piece | undefined, glyphs: Glyphs): Piece[] {
  const guess = visible(slot.guess);
  const own = (each: Piece): Piece => ({ ...each, slot: slot.position });
  if (slot.draft !== undefined && slot.draft.text.trim() !== "") return struck(slot.draft.text).map(own);
  if (state.guesses && guess.trim() !== "") return [own(piece(guess, "mask"))];
  return [own(piece(maskedSlot(last?.text.at(-1) ?? "\n", glyphs), "mask"))];
}

/** A guess that did not stand; no part of the text, and so read as masks are. */
function struck(draft: string): Piece[] {
  const text = visible(draft);
  const word = text.trimStart();
  const space = text.slice(0, text.length - word.length);
  const pieces: Piece[] = [piece(space, "mask"), { ...piece(word, "mask"), forms: ["struck"] }];
  return pieces.filter((each) => each.text !== "");
}
