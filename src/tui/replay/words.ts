import type { AnswerSlot } from "../../chat/index.ts";
import type { DecodingSettings, Strategy } from "../../engine/index.ts";
import { clip } from "../text/graphemes.ts";
import { sanitize } from "../text/sanitize.ts";

/** ".41"; cut, not rounded: what is below a threshold never looks as if it had reached it. */
export function probabilityText(probability: number): string {
  const cut = Math.floor(probability * 100 + 1e-9) / 100;
  return cut.toFixed(2).replace(/^0/, "");
}

/** A token's text in one row: its line feeds and tabs are there to be seen. */
export function visible(text: string): string {
  return sanitize(text.replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r"));
}

/** A token's name in quotes. */
export function tokenName(label: string, ellipsis: string): string {
  return `"${clip(visible(label), 24, ellipsis)}"`;
}

/** Was it placed only because a step must place something? */
export function isForced({ confidence = 1, entropy = 0 }: AnswerSlot, settings: DecodingSettings): boolean {
  if (settings.strategy === "low_confidence_dynamic") return confidence <= Math.fround(settings.threshold);
  return settings.strategy === "entropy_bounded" && entropy >= settings.entropyBudget;
}

/** Why the slot has its token, or waits, in words; `settings` are those of the step that decided it. */
export function reasonText(slot: AnswerSlot, settings: DecodingSettings): string {
  if (slot.state === "resolved") return whyPlaced[settings.strategy](slot, settings);
  return slot.draft === undefined ? whyWaiting(settings) : "guess fell";
}

type Why = (slot: AnswerSlot, settings: DecodingSettings) => string;

const whyPlaced: Record<Strategy, Why> = {
  low_confidence_dynamic: (slot, settings) =>
    isForced(slot, settings) ? "forced: the surest" : `above ${probabilityText(settings.threshold)}`,
  low_confidence_static: () => "the surest",
  sequential: () => "next in line",
  entropy_bounded: (slot, settings) =>
    isForced(slot, settings) ? "forced: least doubt" : "within the budget",
  self_speculative: ({ draft }) => {
    if (draft === undefined) return "not guessed before";
    return draft.refused ? `refused "${clip(visible(draft.text), 16, "...")}"` : "guess stood";
  },
};

function whyWaiting({ strategy, threshold }: DecodingSettings): string {
  return strategy === "low_confidence_dynamic" ? `not above ${probabilityText(threshold)}` : "waits";
}
