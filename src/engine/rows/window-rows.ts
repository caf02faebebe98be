import type { Rows } from "./rows.ts";
import type { Window } from "../decoding/speculation.ts";

/** What a form says of the rows of a window. */
export interface WindowForm {
  /** whether a row of a known token sees another one; both are counted from the first row */
  readonly contextSees: (row: number, other: number) => boolean;
  /** adds the mask row of a slot, which may lie behind the window; `before`: the token before it, known or a draft, if there is one */
  readonly addMask: (slot: number, before: number | undefined) => void;
  /** whether a mask row does not see the token before it */
  readonly blind: boolean;
}

/**
 * Adds the rows of a window to those of the known tokens that are not cached yet: drafts, verifiers (one more than
 * drafts), masks ahead, hedges. Rows stand for the same positions several times: a verifier is to see what it would see if the draft at
 * its position were not there, and no other mask; masks of a hedge what masks ahead would see if the drafts ended before them.
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
  for (let slot = start; slot <= start + drafts.length; slot++) {
    addMask(slot, drafts[slot - start - 1]?.token ?? (slot === start ? last : undefined));
    rows.ask(slot);
  }
  const verifiersEnd = rows.length;
  const groups = addGuesses(rows, window, (slot) => addMask(slot, undefined));
  rows.look((row, other) => {
    if (row < context) return other < context && contextSees(row, other);
    if (row < tokens) return other < row;
    if (row < verifiersEnd) return other < context + (row - tokens) - (blind ? 1 : 0);
    const { after, from, to } = groupOf(groups, row);
    return other < context + after || other === tokens + after || (other >= from && other < to);
  });
}

/**
 * The same where a verifier is the row of the token before it (see sharedCarryForm): known tokens, drafts, masks ahead, hedges.
 * Rows of tokens see those before them; masks see the tokens that they follow, the last of them as two, itself and its verifier,
 * and each other.
 * @param addMask adds the mask row of a slot behind another mask
 */
export function addSharedWindow(rows: Rows, window: Window, addMask: (slot: number) => void): void {
  const { start, drafts } = window;
  const last = rows.length - 1;
  for (const [index, { token }] of drafts.entries()) rows.add(token, start + index);
  const tokens = rows.length;
  rows.settled = tokens;
  for (let row = last; row < tokens; row++) rows.ask(start + row - last, row);
  const groups = addGuesses(rows, window, addMask);
  rows.look((row, other) => {
    if (row < tokens) return other < row;
    const { after, from, to } = groupOf(groups, row);
    return other <= last + after || (other >= from && other < to);
  });
  for (const { after, from, to } of groups) rows.countTwice(last + after, from, to);
}

/** Masks in a row that guess on behind the verifier of the draft `after`: those ahead, or a hedge's. */
interface Guesses {
  readonly after: number;
  /** their rows */
  readonly from: number;
  readonly to: number;
}

function addGuesses(rows: Rows, window: Window, addMask: (slot: number) => void): Guesses[] {
  const { start, drafts, ahead, hedges } = window;
  const wanted = [{ after: drafts.length, masks: ahead }, ...hedges];
  return wanted.map(({ after, masks }) => {
    const from = rows.length;
    for (let slot = start + after + 1; slot <= start + after + masks; slot++) {
      addMask(slot);
      rows.ask(slot);
    }
    return { after, from, to: rows.length };
  });
}

function groupOf(groups: readonly Guesses[], row: number): Guesses {
  const group = groups.find(({ to }) => row < to);
  if (group === undefined) throw new Error("a row behind the window");
  return group;
}
