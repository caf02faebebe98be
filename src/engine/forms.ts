import { UserError } from "../errors.ts";
import type { ModelConfig } from "../model/index.ts";
import type { Rows } from "./rows.ts";
import {
  commonBorder,
  commonPrefix,
  decidedEnd,
  partition,
  type PartitionedText,
  type Sequence,
} from "./sequence.ts";
import type { Window } from "./speculation.ts";
import { addWindow } from "./window-rows.ts";

/**
 * How a model wants its rows laid out; all that tells SDAR's own form from that of causal context with carry-over
 * masks. A pass always has the decided tokens that are not cached yet and the masks of the open block: a prefill, a
 * commit, a denoising step and a step that also commits differ only in which of these there are.
 */
export interface Form {
  /** whether a finished block needs its rows computed once more, without masks, before it can be cached */
  readonly commits: boolean;
  /** block ends of a prompt (see sequence.ts); none with causal context */
  partition(length: number, recorded: readonly number[], blockLength: number): number[];
  /** where the next block starts; it may lie in the prompt, whose tail it then continues */
  nextStart(sequence: Sequence): number;
  /** how many tokens in the cache of `cached` serve `prompt` */
  reusable(cached: PartitionedText, prompt: PartitionedText): number;
  /** up to here keys and values may be cached */
  cacheableEnd(sequence: Sequence): number;
  /** where a prefill pass from `from` over about `rows` rows ends; within cacheableEnd */
  chunkEnd(sequence: Sequence, from: number, rows: number): number;
  /** Lays out the decided tokens from `from` on and the masks, both before `to`. */
  layOut(rows: Rows, sequence: Sequence, from: number, to: number): void;
  /** Lays out the decided tokens from `from` on and the rows of a window, whose slots are the masks. */
  layOutWindow(rows: Rows, sequence: Sequence, from: number, window: Window): void;
}

/** @throws UserError model-invalid for a mixture of the two forms */
export function formOf({ blockContext, maskCarryTokenId }: ModelConfig): Form {
  if (blockContext === "block" && maskCarryTokenId === undefined) return blockForm;
  if (blockContext === "causal" && maskCarryTokenId !== undefined) return carryForm;
  throw new UserError(
    "model-invalid",
    "The model mixes two forms: carry-over masks (maskCarryTokenId) go with causal context (blockContext), and only with it. Convert its checkpoint again.",
  );
}

/** SDAR's own: every row of a block sees the whole block and all before it; a row predicts its own position. */
const blockForm: Form = {
  commits: true,
  partition,
  nextStart: ({ borders }) => borders.at(-1) ?? 0,
  reusable: commonBorder,
  cacheableEnd: ({ borders }) => borders.at(-1) ?? 0,
  chunkEnd({ borders }, from, rows) {
    const within = borders.findLast((border) => border > from && border <= from + rows);
    return within ?? borders.find((border) => border > from) ?? from;
  },
  layOut(rows, sequence, from, to) {
    rows.look(addBlocks(rows, sequence, from, to));
  },
  layOutWindow(rows, sequence, from, window) {
    const contextSees = addBlocks(rows, sequence, from, window.start);
    const addMask = (slot: number) => rows.add(sequence.ids[slot] ?? 0, slot);
    addWindow(rows, window, undefined, { contextSees, addMask, blind: false });
  },
};

const isBefore = (row: number, other: number) => other < row;

/** Adds the positions from `from` to `to`. @returns who sees whom */
function addBlocks(rows: Rows, { ids, masked, borders }: Sequence, from: number, to: number) {
  const blockEnds: number[] = [];
  let next = borders.findLastIndex((border) => border <= from) + 1;
  for (let position = from; position < to; position++) {
    while (position >= (borders[next] ?? Infinity)) next++;
    blockEnds.push(borders[next] ?? to);
    rows.add(ids[position] ?? 0, position);
    if (masked.includes(position)) rows.ask(position);
    if ((borders[next] ?? Infinity) <= to) rows.settled = rows.length;
  }
  return (row: number, other: number) => from + other < (blockEnds[row] ?? 0);
}

/**
 * Causal context and carry-over masks. A token sees the tokens before it. The mask of position i stands at i - 1, as
 * the token there (if it is decided) marked to carry, and predicts i; it sees all tokens but the one it carries and,
 * unless it is the first, all masks. So a token's keys and values are final once all before it is decided, and
 * it joins the cache once its right neighbour is: a mask must not find the token that it carries there.
 */
const carryForm: Form = {
  commits: false,
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
      rows.add(before ?? ids[slot - 1] ?? 0, slot - 1, before !== undefined);
    addWindow(rows, window, ids[window.start - 1], { contextSees: isBefore, addMask, blind: true });
  },
};
