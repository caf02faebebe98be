import type { AnswerSlot } from "../../chat/index.ts";
import type { Glyphs } from "../paint/glyphs.ts";
import { doubtOf } from "../text/doubt.ts";
import { piece, sliceRow, type Piece, type Row } from "../text/row.ts";
import { sanitize } from "../text/sanitize.ts";
import { wrap } from "../text/wrap.ts";
import { blockIndex } from "./moments.ts";
import { momentOf, selectedSlot, slotsAt, type ReplayState } from "./state.ts";

/** Cells of a slot that has no token yet, as in the chat. */
const maskCells = 3;

/** The answer up to the shown step, the block of that step with its masks: the rows that hold the picked slot. */
export function textRows(state: ReplayState, width: number, height: number, glyphs: Glyphs): Row[] {
  const pieces = pastPieces(state);
  const picked = selectedSlot(state);
  let from = 0;
  for (const [index, slot] of slotsAt(state).entries()) {
    if (index === picked) from = lengthOf(pieces);
    pieces.push(...slotPieces(slot, { state, picked: index === picked, last: pieces.at(-1), glyphs }));
  }
  const text = pieces.map((each) => each.text).join("");
  const rows = wrap(text, width);
  const row = rows.findLastIndex(({ start }) => start <= from);
  const top = Math.max(0, Math.min(row, rows.length - height));
  return rows.slice(top, top + height).map(({ start, end }) => sliceRow(pieces, start, end));
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, each) => sum + each.text.length, 0);
}

function pastPieces(state: ReplayState): Piece[] {
  const slots = state.replay.blocks.slice(0, blockIndex(state.replay, state.at)).flat();
  return slots.map(({ text, confidence }) =>
    piece(sanitize(text), state.heat ? doubtOf(confidence) : "text"),
  );
}

interface SlotPlace {
  readonly state: ReplayState;
  readonly picked: boolean;
  readonly last: Piece | undefined;
  readonly glyphs: Glyphs;
}

function slotPieces(slot: AnswerSlot, { state, picked, last, glyphs }: SlotPlace): Piece[] {
  const guess = sanitize(slot.guess);
  if (slot.state === "resolved") {
    const fresh = slot.step === momentOf(state).block.step - 1;
    const style = state.heat ? doubtOf(slot.confidence) : "text";
    return marked(
      sanitize(slot.text),
      style === "text" && fresh ? "strong" : style,
      picked,
      sanitize(slot.label),
    );
  }
  if (state.guesses && guess.trim() !== "") return marked(guess, "mask", picked, "");
  const apart = last === undefined || /\s$/.test(last.text) ? "" : " ";
  return marked(apart + glyphs.mask.repeat(maskCells), "mask", picked, "");
}

/** The picked slot stands in brackets, the space around its word outside; one without a text shows its name. */
function marked(text: string, style: Piece["style"], picked: boolean, label: string): Piece[] {
  if (!picked) return [piece(text, style)];
  const word = text.trim();
  if (word === "") return [piece(`[${text === "" ? label : ""}]`, "strong"), piece(text)];
  const start = text.indexOf(word);
  return [
    piece(text.slice(0, start)),
    piece("[", "strong"),
    piece(word, style),
    piece("]", "strong"),
    piece(text.slice(start + word.length)),
  ];
}
