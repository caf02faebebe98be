import type { AnswerBlock, AnswerSlot } from "../../chat/index.ts";
import { silencePatience, stopPatience, type Answer } from "../store/shown-answer.ts";
import type { ChatState } from "../store/state.ts";
import type { Glyphs } from "./glyphs.ts";
import { doubtOf, withoutDoubt } from "../text/doubt.ts";
import { piece, type Piece, type Row } from "../text/row.ts";
import { fitSegments, segment } from "./segments.ts";

/** What the engine is doing, in one row; undefined when it has nothing to do. */
export function blockLine(state: ChatState, width: number, glyphs: Glyphs): Row | undefined {
  const { answer, tokens, now } = state;
  if (tokens === undefined)
    return [piece(`loading the model${secondsSince(state.loadingSince, now)}`, "dim")];
  if (answer === undefined || (!answer.running && answer.view.phase === "finished")) return undefined;
  const silent = now - answer.heardAt;
  if (answer.running && silent >= silencePatience) {
    const way = answer.stoppingSince === undefined ? "  esc stops" : "  ctrl-c twice ends the engine";
    return [piece(`still working, ${Math.floor(silent / 1000)} s`, "warning"), piece(way, "dim")];
  }
  if (answer.running && answer.stoppingSince !== undefined) return stoppingLine(now - answer.stoppingSince);
  if (answer.view.phase === "waiting") {
    return [piece(`reading the conversation${secondsSince(answer.askedAt, now)}`, "dim")];
  }
  return state.view.motion ? decodingLine(state, answer, width, glyphs) : [piece("answering", "dim")];
}

function stoppingLine(milliseconds: number): Row {
  const hangs = milliseconds >= stopPatience;
  return [piece(hangs ? "stopping  ctrl-c twice ends the engine" : "stopping", "dim")];
}

/** Says nothing of the first second: a number that flashes by is noise. */
function secondsSince(then: number, now: number): string {
  const seconds = Math.floor((now - then) / 1000);
  return seconds < 1 ? "" : ` ${seconds} s`;
}

function decodingLine({ heat }: ChatState, answer: Answer, width: number, glyphs: Glyphs): Row {
  const { block } = answer.view;
  const { tokens } = answer.engine.rates;
  const bar = slotBar(block, Math.min(32, width - 10), glyphs);
  const segments = [
    segment(1, piece(`block ${(block?.number ?? 0) + 1}`, "dim")),
    segment(0, ...(heat === "off" ? withoutDoubt(bar) : bar)),
    segment(2, piece(`step ${block?.step ?? 0}`.padEnd(7), "dim")),
    segment(3, piece(`${tokens} tokens`, "dim")),
    segment(5, piece(yieldBars(answer.yields, width < 98 ? 12 : 48, glyphs), "dim")),
    segment(4, piece("esc stops", "dim")),
  ];
  return fitSegments(segments, width);
}

/** One cell a slot: how sure its token is, or that it waits. Blocks longer than `room` show their share resolved. */
function slotBar(block: AnswerBlock | undefined, room: number, glyphs: Glyphs): Piece[] {
  const slots = block?.slots ?? [];
  if (slots.length > room) {
    const resolved = slots.filter((slot) => slot.state === "resolved").length;
    return [piece(`[${resolved}/${slots.length}]`, "dim")];
  }
  return [piece("[", "dim"), ...slots.map((slot) => slotCell(slot, glyphs)), piece("]", "dim")];
}

function slotCell({ state, kept, confidence }: AnswerSlot, glyphs: Glyphs): Piece {
  if (state === "masked") return piece(glyphs.waiting, "dim");
  if (!kept) return piece(" ");
  const level = Math.min(7, Math.floor((confidence ?? 1) * 8));
  return piece(glyphs.bars[level] ?? "", doubtOf(confidence));
}

/** Tokens a step as a share of the block, newest right. */
function yieldBars(yields: readonly number[], room: number, glyphs: Glyphs): string {
  return yields
    .slice(-room)
    .map((share) => glyphs.bars[Math.min(7, Math.max(0, Math.round(share * 8) - 1))])
    .join("");
}
