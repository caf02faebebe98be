import type { AnswerSlot } from "../../chat/index.ts";
import type { Glyphs } from "../paint/glyphs.ts";
import { fitSegments, segment } from "../paint/segments.ts";
import { doubtOf } from "../text/doubt.ts";
import { cells } from "../text/graphemes.ts";
import { piece, type Row } from "../text/row.ts";
import { momentOf, selectedSlot, slotsAt, type ReplayState } from "./state.ts";
import { probabilityText, reasonText, tokenName } from "./words.ts";

/** The slots of the block, one a row, the picked one marked; only that one where `room` is too small for all. */
export function slotRows(state: ReplayState, width: number, room: number, glyphs: Glyphs): Row[] {
  const slots = slotsAt(state);
  const picked = selectedSlot(state);
  const facts = slots.map((slot, index) => factsOf(state, slot, index, glyphs));
  const nameCells = Math.max(0, ...facts.map(({ name }) => cells(name)));
  const chosen = facts.filter((_, index) => slots.length <= room || index === picked);
  return chosen.slice(0, room).map((fact) => slotRow(fact, fact.index === picked, nameCells, width));
}

interface SlotFacts {
  readonly index: number;
  readonly slot: AnswerSlot;
  readonly name: string;
  readonly when: string;
  readonly why: string;
  readonly others: readonly string[];
}

function factsOf(state: ReplayState, slot: AnswerSlot, index: number, glyphs: Glyphs): SlotFacts {
  const { first, settings } = momentOf(state);
  const step = slot.state === "resolved" ? first + (slot.step ?? 0) : undefined;
  const decided = step === undefined ? settings : (state.replay.moments[step]?.settings ?? settings);
  return {
    index,
    slot,
    name: slot.label === "" ? "" : tokenName(slot.label, glyphs.ellipsis),
    when: step === undefined ? "open" : `step ${step + 1}`,
    why: reasonText(slot, decided),
    others: slot.runnersUp.map(
      ({ text, probability }) => `${tokenName(text, glyphs.ellipsis)} ${probabilityText(probability)}`,
    ),
  };
}

function slotRow(
  { index, slot, name, when, why, others }: SlotFacts,
  picked: boolean,
  nameCells: number,
  width: number,
): Row {
  const open = slot.state === "masked";
  const style = open ? "dim" : "text";
  const sure = slot.confidence === undefined ? "" : probabilityText(slot.confidence);
  const padding = " ".repeat(Math.max(0, nameCells - cells(name)));
  const segments = [
    segment(0, piece(`${picked ? ">" : " "}${String(index + 1).padStart(3)}`, picked ? "strong" : "dim")),
    segment(0, piece(name + padding, open ? "mask" : "text")),
    segment(0, piece(sure.padStart(4), open ? "dim" : doubtOf(slot.confidence))),
    segment(1, piece(when.padEnd(8), style)),
    segment(2, piece(why.padEnd(18), "dim")),
    ...others.map((text, rank) => segment(3 + rank, piece(text, "dim"))),
  ];
  return fitSegments(segments, width);
}
