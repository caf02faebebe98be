import type { AnswerSlot } from "../../chat/index.ts";

/** A word's worth of mask; slots keep it until they resolve, so that guesses that change move nothing. */
const steady = " ░░░";

/**
 * What a masked slot looks like inside the sentence: a gap, then mask characters (░ stands for the mask glyph in
 * use).
 */
export function maskShape(_slot: AnswerSlot): string {
  return steady;
}
