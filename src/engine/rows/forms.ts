import { UserError } from "../../errors.ts";
import type { ModelConfig } from "../../model/index.ts";
import { carryForm, sharedCarryForm } from "./carry-form.ts";
import type { Rows } from "./rows.ts";
import { commonBorder, partition, type PartitionedText, type Sequence } from "./sequence.ts";
import type { Window } from "../decoding/speculation.ts";
import { addWindow } from "./window-rows.ts";

/**
 * How a model wants its rows laid out; all that tells SDAR's own form from that of causal context with carry-over
 * masks. A pass always has the decided tokens that are not cached yet and the masks of the open block: a prefill, a
 * commit, a denoising step and a step that also commits differ only in which of these there are.
 */
export interface Form {
  /** whether a finished block needs its rows computed once more, without masks, before it can be cached */
  readonly commits: boolean;
  /** whether the mask that no mask precedes is the row of the token before it, where nothing behind it is decided */
  readonly sharesFirst: boolean;
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

/**
 * @param sharing false: every mask has a row of its own, as in the golden traces
 * @throws UserError model-invalid for a mixture of the two forms
 */
export function formOf({ blockContext, maskCarryTokenId, maskCarry }: ModelConfig, sharing = true): Form {
  if (blockContext === "block" && maskCarryTokenId === undefined) return blockForm;
  if (blockContext === "causal" && maskCarryTokenId !== undefined)
    return maskCarry === "zero" && sharing ? sharedCarryForm : carryForm;
  throw new UserError(
    "model-invalid",
    "The model mixes two forms: carry-over masks (maskCarryTokenId) go with causal context (blockContext), and only with it. Convert its checkpoint again.",
  );
}

/** SDAR's own: every row of a block sees the whole block and all before it; a row predicts its own position. */
const blockForm: Form = {
  commits: true,
  sharesFirst: false,
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
    const addMask = (slot: number) => rows.add(sequence.ids[window.start] ?? 0, slot);
    addWindow(rows, window, undefined, { contextSees, addMask, blind: false });
  },
};

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
