import type { Form } from "./forms.ts";
import { commonPrefix, decidedEnd } from "./sequence.ts";
import { addWindow, addSharedWindow } from "./window-rows.ts";

const isBefore = (row: number, other: number) => other < row;

/**
 * Causal context and carry-over masks. A token sees the tokens before it. The mask of position i stands at i - 1, as
 * the token there (if it is decided) marked to carry, and predicts i; it sees all tokens but the one it carries and,
 * unless it is the first, all masks. So a token's keys and values are final once all before it is decided, and
 * it joins the cache once its right neighbour is: a mask must not find the token that it carries there.
 */
export const carryForm: Form = {
  commits: false,
  sharesFirst: false,
  partition: () => [],
  nextStart: ({ ids }) => ids.length,
  reusable: (cached, prompt) => Math.min(commonPrefix(cached.ids, prompt.ids), prompt.ids.length - 1),
  cacheableEnd: (sequence) => decidedEnd(sequence) - 1,
  chunkEnd: (sequence, from, rows) => Math.min(from + rows, decidedEnd(sequence) - 1),
  layOut(rows, sequence, from, to) {
    const { ids, masked } = sequence;
    const places: number[] = [];
    for (let position = from; position < to; position++) {
      if (masked.includes(position)) continue;
      rows.add(ids[position] ?? 0, position);
      places.push(position);
    }
    const tokens = rows.length;
    rows.settled = Math.min(tokens, decidedEnd(sequence) - from);
    for (const slot of masked.filter((position) => position < to)) {
      rows.add(ids[slot - 1] ?? 0, slot - 1, !masked.includes(slot - 1));
      rows.ask(slot);
      places.push(slot - 1);
    }
    rows.look((row, other) => {
      if (other >= tokens) return row > tokens;
      return row < tokens ? other < row : places[other] !== places[row];
    });
  },
  layOutWindow(rows, { ids }, from, window) {
    for (let position = from; position < window.start; position++) rows.add(ids[position] ?? 0, position);
    const addMask = (slot: number, before: number | undefined) =>
      rows.add(before ?? ids[window.start] ?? 0, slot - 1, before !== undefined);
    addWindow(rows, window, ids[window.start - 1], { contextSees: isBefore, addMask, blind: true });
  },
};

/**
 * The same where the carry token's embedding is zero. The row of the last decided token then computes what the first mask
 * would: it carries nothing but that token, at its position, and sees what it sees. So the mask has no row of its own, unless
 * tokens behind it are decided, which it is to see; and masks behind it see that row as two, the token's and the mask's.
 */
export const sharedCarryForm: Form = {
  ...carryForm,
  sharesFirst: true,
  layOut(rows, sequence, from, to) {
    const { ids, masked } = sequence;
    const start = decidedEnd(sequence);
    const isOpen = masked[0] === start && start < to && masked.length === ids.length - start;
    if (!isOpen) carryForm.layOut(rows, sequence, from, to);
    else this.layOutWindow(rows, sequence, from, { start, drafts: [], ahead: to - start - 1, hedges: [] });
  },
  layOutWindow(rows, { ids }, from, window) {
    for (let position = from; position < window.start; position++) rows.add(ids[position] ?? 0, position);
    addSharedWindow(rows, window, (slot) => rows.add(ids[window.start] ?? 0, slot - 1));
  },
};
