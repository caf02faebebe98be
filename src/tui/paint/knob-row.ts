import {
  decodingKnobs,
  knobCounts,
  rangeText,
  type DecodingSettings,
  type Knob,
} from "../../engine/index.ts";
import { knobsInOrder, pickedKnob, type KnobRow } from "../knobs/row-state.ts";
import { untrained } from "../knobs/trained.ts";
import { settingsBehind, settingsInForce } from "../store/knobs.ts";
import { isAnswering, type ChatState } from "../store/state.ts";
import { cells, clip } from "../text/graphemes.ts";
import { piece, rowWidth, type Row } from "../text/row.ts";
import type { Glyphs } from "./glyphs.ts";
import { fitSegments, segment } from "./segments.ts";
import { pendingText, strategyName } from "./settings-words.ts";

/** Shorter names, for a row that has little room; a knob without one goes by its own. */
const labels: Readonly<Partial<Record<keyof DecodingSettings, string>>> = {
  strategy: "",
  blockLength: "block",
  denoisingSteps: "steps",
  entropyBudget: "budget",
  draftThreshold: "draft",
  lookaheadThreshold: "lookahead",
  hedgeThreshold: "hedge",
  promptLookup: "lookup",
  temperature: "T",
  maxTokens: "max",
};

/** The knobs in one row, the picked one in brackets, and the cell behind its value; where they do not fit the row scrolls. */
export function knobRow(
  state: ChatState,
  open: KnobRow,
  width: number,
  glyphs: Glyphs,
): { readonly row: Row; readonly cursor: number } {
  const items = knobsInOrder(state.settings).map((knob) => itemOf(state, open, knob, glyphs));
  const at = items.findIndex(({ picked }) => picked);
  let first = 0;
  while (first < at && !fits(items, first, at, width)) first++;
  const lead: Row = first > 0 ? [piece(glyphs.before, "dim")] : [];
  let last = at;
  while (last + 1 < items.length && fits(items, first, last + 1, width)) last++;
  const shown = items.slice(first, last + 1).flatMap(({ row }) => row);
  const tail: Row = last + 1 < items.length ? [piece(glyphs.behind, "dim")] : [];
  const cursor = rowWidth([...lead, ...items.slice(first, at + 1).flatMap(({ row }) => row)]) - 1;
  return { row: [...lead, ...shown, ...tail], cursor: Math.min(cursor, width - 1) };
}

/** Do items `first` to `last` fit beside the marks that more lies to their sides? */
function fits(items: readonly Item[], first: number, last: number, width: number): boolean {
  const marks = (first > 0 ? 1 : 0) + (last + 1 < items.length ? 1 : 0);
  const used = items.slice(first, last + 1).reduce((sum, { row }) => sum + rowWidth(row), 0);
  return used + marks <= width;
}

interface Item {
  readonly row: Row;
  readonly picked: boolean;
}

function itemOf(
  state: ChatState,
  { picked, typed }: KnobRow,
  { key, name }: Knob<keyof DecodingSettings>,
  glyphs: Glyphs,
) {
  const wanted = settingsBehind(state, key);
  // No knob comes to what is decoded beside the conversation, and how much of the most that may be looked up is used the dial decides.
  const isMost = key === "promptLookup" && state.settings.doubt !== "off";
  const isOwn = isAnswering(state) && state.answer?.aside === undefined && !isMost;
  const inForce = isOwn ? settingsInForce(state) : wanted;
  const isPicked = key === picked;
  const isPending = wanted[key] !== inForce[key];
  const odd = untrained(wanted, state.model).some((each) => each.key === key);
  const value =
    isPicked && typed !== ""
      ? typed
      : pendingText(valueText(key, inForce), valueText(key, wanted), glyphs) + (odd ? glyphs.odd : "");
  const text = `${labels[key] ?? name} ${value}`.trimStart();
  const style = isPicked ? "strong" : isPending ? "pending" : odd ? "warning" : "dim";
  const counts = isPicked || isPending || knobCounts(key, wanted);
  const row: Row = [piece(isPicked ? `[${text}]` : ` ${text} `, counts && style === "dim" ? "text" : style)];
  return { row, picked: isPicked };
}

function valueText(key: keyof DecodingSettings, settings: DecodingSettings): string {
  if (key === "strategy") return strategyName(settings.strategy);
  const value = settings[key];
  if (typeof value !== "number") return value.replace("block_length", "block");
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

/** What the keys do while the row is open; stands in the empty prompt. */
export function knobKeys({ settings }: ChatState, width: number, glyphs: Glyphs): Row {
  const parts: readonly (readonly [rank: number, text: string])[] = [
    [1, `${glyphs.left}${glyphs.right} pick`],
    [0, `${glyphs.up}${glyphs.down} change`],
    [4, "or type a value"],
    [3, `p dial: ${settings.doubt}`],
    [2, "esc done"],
  ];
  return fitSegments(
    parts.map(([rank, text]) => segment(rank, piece(text, "dim"))),
    width,
  );
}

/** What the picked knob is for, or why its value may be unwise; stands in the place of the rule. */
export function knobHelp({ settings, model }: ChatState, open: KnobRow, width: number, glyphs: Glyphs): Row {
  const knob = pickedKnob(open) ?? decodingKnobs[0];
  if (knob === undefined) return [];
  const warning = untrained(settings, model).find(({ key }) => key === knob.key);
  if (warning !== undefined) return [piece(clip(warning.sentence, width, glyphs.ellipsis), "warning")];
  const idle = knobCounts(knob.key, settings) ? "" : "no effect now; ";
  const text = `${idle}${knob.help} (${rangeText(knob)})`;
  return [piece(cells(text) <= width ? text : clip(text, width, glyphs.ellipsis), "dim")];
}
