import type { AnswerBlock, AnswerSlot } from "../../chat/index.ts";
import type { DecodingSettings } from "../../engine/index.ts";
import type { Glyphs } from "../paint/glyphs.ts";
import { fitSegments, segment, type Segment } from "../paint/segments.ts";
import { probabilityText, tokenName, visible } from "../replay/words.ts";
import type { ChatState } from "../store/state.ts";
import { doubtOf } from "../text/doubt.ts";
import { clip } from "../text/graphemes.ts";
import { clipRow, piece, rowWidth, type Row } from "../text/row.ts";
import { sanitize } from "../text/sanitize.ts";
import { pickedSlot } from "./picked.ts";
import { shortReason, slotName } from "./words.ts";

/** From so many cells on all slots stand beside each other; below, one of them. */
const wide = 98;
const narrowest = 14;
const widest = 20;

/** The slots of the block after the step that was shown last; none while they are hidden. */
export function inspectorRows(state: ChatState, width: number, glyphs: Glyphs): Row[] {
  const { inspecting, answer } = state;
  if (inspecting === undefined) return [];
  const inspected = answer?.inspected;
  if (inspected === undefined || inspected.block.slots.length === 0) return [[piece("no block yet", "dim")]];
  const picked = pickedSlot(state, inspected.block);
  const facts = { ...inspected, picked, glyphs, colored: state.heat !== "off" };
  return width >= wide ? columns(facts, width) : [oneSlot(facts, width)];
}

/** Every slot in a line, for a page that nothing stands below. */
export function slotLines({ answer, heat }: ChatState, glyphs: Glyphs): Row[] {
  const inspected = answer?.inspected;
  if (inspected === undefined) return [];
  const facts = { ...inspected, glyphs, colored: heat !== "off" };
  return inspected.block.slots.map((_, picked) => slotRow({ ...facts, picked }));
}

/** Rows that the inspector takes of a screen as wide as that. */
export function inspectorHeight({ inspecting }: ChatState, width: number): number {
  if (inspecting === undefined) return 0;
  return width >= wide ? 4 : 1;
}

interface Facts {
  readonly block: AnswerBlock;
  readonly settings: readonly DecodingSettings[];
  readonly picked: number;
  readonly glyphs: Glyphs;
  readonly colored: boolean;
}

function columns(facts: Facts, width: number): Row[] {
  const { block, picked } = facts;
  const title = `block ${block.number + 1}`;
  const lead = Math.max(title.length, "or else".length) + 2;
  const count = Math.min(block.slots.length, Math.floor((width - lead) / narrowest));
  const column = Math.min(widest, Math.floor((width - lead) / count));
  const first = Math.max(0, Math.min(picked - Math.floor(count / 2), block.slots.length - count));
  const shown = block.slots.slice(first, first + count);
  const row = (name: string, cell: (slot: AnswerSlot, index: number) => Row): Row => [
    piece(name.padEnd(lead), "dim"),
    ...shown.flatMap((slot, index) => padded(cell(slot, first + index), column)),
  ];
  return [
    row(title, (slot, index) => [
      piece(`${index + 1} `, index === picked ? "strong" : "dim"),
      ...tokenCell(slot, column - 4, facts),
    ]),
    row("sure", (slot) => [...sureCell(slot, facts), piece(whenText(slot), "dim")]),
    row("why", (slot) => shortReason(slot, settingsOf(slot, facts))),
    row("or else", ({ runnersUp: [best] }) =>
      best === undefined ? [] : [piece(otherText(best, facts), "dim")],
    ),
  ];
}

function padded(cell: Row, width: number): Row {
  const clipped = clipRow(cell, width - 1);
  return [...clipped, piece(" ".repeat(width - rowWidth(clipped)))];
}

function tokenCell(slot: AnswerSlot, width: number, { glyphs }: Facts): Row {
  const name = slotName(slot, width - 2, glyphs.ellipsis);
  if (slot.state === "masked") return [piece(`${glyphs.mask} ${name}`.trimEnd(), "mask")];
  return [piece(name, slot.kept ? "text" : "dim")];
}

function sureCell({ confidence, state }: AnswerSlot, { colored }: Facts): Row {
  if (confidence === undefined) return [];
  const style = state === "masked" ? "dim" : colored ? doubtOf(confidence) : "text";
  return [piece(probabilityText(confidence), style), piece(" ")];
}

const whenText = ({ state, step = 0, kept }: AnswerSlot) =>
  state === "masked" ? (kept ? "waits" : "cut off") : `step ${step + 1}`;

function otherText({ text, probability }: AnswerSlot["runnersUp"][number], { glyphs }: Facts): string {
  const isBlank = sanitize(text).trim() === "";
  const name = isBlank ? tokenName(text, glyphs.ellipsis) : visible(text).trim();
  return `${probabilityText(probability)} ${clip(name, 12, glyphs.ellipsis)}`;
}

/** Those of the step that decided the slot, or let it wait last. */
function settingsOf({ step }: AnswerSlot, { settings }: Facts): DecodingSettings | undefined {
  return settings[step ?? settings.length - 1] ?? settings.at(-1);
}

/** The picked slot alone. */
function oneSlot(facts: Facts, width: number): Row {
  const { glyphs } = facts;
  return fitSegments(
    [...slotSegments(facts), segment(6, piece(`${glyphs.left}${glyphs.right} slot`, "dim"))],
    width,
  );
}

const slotRow = (facts: Facts): Row => fitSegments(slotSegments(facts), Infinity);

function slotSegments(facts: Facts): Segment[] {
  const { block, picked } = facts;
  const slot = block.slots[picked];
  if (slot === undefined) return [];
  return [
    segment(0, piece(`slot ${picked + 1}/${block.slots.length}`, "dim")),
    segment(0, ...tokenCell(slot, 16, facts)),
    segment(0, ...sureCell(slot, facts).slice(0, 1)),
    segment(1, piece(whenText(slot), "dim")),
    segment(2, ...shortReason(slot, settingsOf(slot, facts))),
    ...slot.runnersUp
      .filter(({ probability }) => probability >= 0.005)
      .map((other, rank) => segment(3 + rank, piece(`or ${otherText(other, facts)}`, "dim"))),
  ];
}
