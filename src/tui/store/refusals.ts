import type { AnswerBlock } from "../../chat/index.ts";
import { sanitize } from "../text/sanitize.ts";

/** A guess that its check refused: shown struck out for a moment, before the token that took its place. */
export interface Refusal {
  readonly text: string;
  /** characters of the answer's text before it */
  readonly at: number;
  readonly until: number;
}

/** How long it stays at least, milliseconds: about as long as an eye needs for a word. */
const glance = 150;

/** What can be struck out in the middle of Markdown without another meaning for what follows. */
const plainWord = /^[ ]?[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.,;:!?-]*$/u;

/**
 * The guess that a pass over the block has just refused.
 * @param written characters of the answer's text before the block
 * @param stay how long a step is shown, milliseconds
 */
export function refusalIn(
  block: AnswerBlock | undefined,
  written: number,
  { now, stay }: { readonly now: number; readonly stay: number },
): Refusal | undefined {
  const slots = block?.slots ?? [];
  const refused = slots.findIndex(({ draft, kept }) => kept && draft?.refused === true);
  const text = sanitize(slots[refused]?.draft?.text ?? "");
  if (!plainWord.test(text)) return undefined;
  const before = slots.slice(0, refused).reduce((sum, slot) => sum + sanitize(slot.text).length, 0);
  return { text, at: written + before, until: now + Math.max(glance, stay) };
}
