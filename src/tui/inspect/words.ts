import type { AnswerSlot } from "../../chat/index.ts";
import type { DecodingSettings } from "../../engine/index.ts";
import { isForced, probabilityText, tokenName } from "../replay/words.ts";
import { cells, clip } from "../text/graphemes.ts";
import { piece, type Row } from "../text/row.ts";
import { sanitize } from "../text/sanitize.ts";

/** A token as a word where it is one, else in quotes: what cannot be seen must be told apart. */
export function slotName({ label }: AnswerSlot, width: number, ellipsis: string): string {
  if (label === "") return "";
  const word = sanitize(label).trim();
  const isWord = word !== "" && !/[\n\r\t]/.test(label.trim());
  const name = isWord ? word : tokenName(label, ellipsis);
  return cells(name) <= width ? name : clip(name, width, ellipsis);
}

/** Why the slot has its token, or waits, in a few cells; `settings` are those of the step. */
export function shortReason(slot: AnswerSlot, settings: DecodingSettings | undefined): Row {
  if (settings === undefined) return [];
  const { strategy, threshold } = settings;
  if (strategy === "self_speculative") return checkReason(slot);
  const placed = slot.state === "resolved";
  if (strategy === "low_confidence_dynamic") {
    const bound = `above ${probabilityText(threshold)}`;
    return words(placed ? (isForced(slot, settings) ? "the surest" : bound) : `not ${bound}`);
  }
  if (!placed) return words("waits");
  if (strategy === "entropy_bounded")
    return words(isForced(slot, settings) ? "least doubt" : "in the budget");
  return words(strategy === "sequential" ? "next in line" : "the surest");
}

/** What the check said of a guess. Masks behind the first that is wrong are guessed anew. */
function checkReason({ state, draft }: AnswerSlot): Row {
  if (state === "masked") return words(draft === undefined ? "guessed ahead" : "guess dropped");
  if (draft === undefined) return words("not guessed");
  if (!draft.refused) return words("guess stood");
  return [piece("not ", "dim"), piece(sanitize(draft.text).trim().replaceAll("\n", "\\n"), "refused")];
}

const words = (text: string): Row => [piece(text, "dim")];
