import type { Rows } from "./rows.ts";
import { windowEnd, type Window } from "../decoding/speculation.ts";

/** What a form says of the rows of a window. */
export interface WindowForm {
  /** whether a row of a known token sees another one; both are counted from the first row */
  readonly contextSees: (row: number, other: number) => boolean;
  /** adds the mask row of a slot; `before`: the token before it, known or a draft, if there is one */
  readonly addMask: (slot: number, before: number | undefined) => void;
  /** whether a mask row does not see the token before it */
  readonly blind: boolean;
}

/**
 * Adds the rows of a window to those of the known tokens that are not cached yet: drafts, verifiers (one more than
 * drafts), masks ahead. Rows stand for the same positions twice: a verifier is to see what it would see if the draft at its
 * position were not there, and no other mask.
 */
export function addWindow(
  rows: Rows,
  window: Window,
  last: number | undefined,
  { contextSees, addMask, blind }: WindowForm,
): void {
  const { start, drafts } = window;
  const context = rows.length;
  for (const [index, { token }] of drafts.entries()) rows.add(token, start + index);
  const tokens = rows.length;
  rows.settled = tokens;
  const end = windowEnd(window);
  for (let slot = start; slot < end; slot++) {
    const index = slot - start;
    addMask(slot, index > drafts.length ? undefined : (drafts[index - 1]?.token ?? last));
    rows.ask(slot);
  }
  const lastVerifier = tokens + drafts.length;
  rows.look((row, other) => {
    if (row < context) return other < context && contextSees(row, other);
    if (row < tokens) return other < row;
    if (row <= lastVerifier) return other < context + (row - tokens) - (blind ? 1 : 0);
    return other < tokens || other >= lastVerifier;
  });
}

/**
 * The same where a verifier is the row of the token before it (see sharedCarryForm): known tokens, drafts, masks ahead. All
 * rows see those before them, and masks ahead see each other and the last token as two, itself and the last verifier.
 * @param addMask adds the mask row of a slot behind another mask
 */
export function addSharedWindow(rows: Rows, window: Window, addMask: (slot: number) => void): void {
  const { start, drafts } = window;
  const last = rows.length - 1;
  for (const [index, { token }] of drafts.entries()) rows.add(token, start + index);
  const tokens = rows.length;
  rows.settled = tokens;
  for (let row = last; row < tokens; row++) rows.ask(start + row - last, row);
  for (let slot = start + drafts.length + 1; slot < windowEnd(window); slot++) {
    addMask(slot);
    rows.ask(slot);
  }
  rows.look((row, other) => other < row || (row >= tokens && other >= tokens));
  rows.countTwice(tokens - 1, tokens);
}
