import { reduceAnswer, waitingAnswer, type AnswerBlock, type AnswerSlot } from "../../chat/index.ts";
import type { DecodingSettings, EngineEvent } from "../../engine/index.ts";
import type { TokenText } from "../../model/index.ts";

/** An answer after one denoising step. */
export interface Moment {
  readonly block: AnswerBlock;
  /** those in force in the step */
  readonly settings: DecodingSettings;
  /** how many slots the step placed, those that a stop token cut off left out */
  readonly placed: number;
  /** slots that were open before it */
  readonly open: number;
  /** rows that its pass computed */
  readonly rows: number;
  /** time of its pass */
  readonly milliseconds: number;
  /** since the answer began */
  readonly elapsed: number;
  /** index of the first step of its block */
  readonly first: number;
}

/** What can be replayed of an answer: every step of it, computed once. */
export interface Replay {
  /** what was asked */
  readonly title: string;
  /** which answer of how many, counted from 1 */
  readonly number: number;
  readonly of: number;
  readonly moments: readonly Moment[];
  /** slots of the blocks, each as its last step left it */
  readonly blocks: readonly (readonly AnswerSlot[])[];
}

/** A turn as a conversation or a transcript has it. */
export interface Recorded {
  readonly user: string;
  readonly reply: { readonly settings: DecodingSettings };
  readonly events: readonly EngineEvent[];
}

/**
 * The steps of a recorded answer. They share what they have in common, so that a long answer costs no more than it
 * took to show it once.
 * @param index of the answer in `turns`
 */
export function replayOf(turns: readonly Recorded[], index: number, tokens: TokenText): Replay {
  const turn = turns[index];
  const moments: Moment[] = [];
  if (turn !== undefined) collect(turn, tokens, moments);
  const last = moments.filter((moment, at) => moments[at + 1]?.first !== moment.first);
  return {
    title: turn?.user ?? "",
    number: index + 1,
    of: turns.length,
    moments,
    blocks: last.map(({ block }) => block.slots),
  };
}

function collect({ reply, events }: Recorded, tokens: TokenText, moments: Moment[]): void {
  let state = waitingAnswer(reply.settings);
  let first = 0;
  for (const event of events) {
    state = reduceAnswer(state, event, tokens);
    if (event.type === "block_opened") first = moments.length;
    if (event.type !== "denoised" || state.block === undefined) continue;
    const { settings, rows, milliseconds, elapsed, slots } = event;
    const { block } = state;
    const placed = placedBy(block).length;
    moments.push({ block, settings, placed, open: slots.length, rows, milliseconds, elapsed, first });
  }
}

/** Slots that the block's last step placed. */
export function placedBy(block: AnswerBlock): AnswerSlot[] {
  return block.slots.filter((slot) => slot.state === "resolved" && slot.kept && slot.step === block.step - 1);
}

/** Which block of the answer the moment shows, counted from 0. */
export function blockIndex({ moments }: Replay, at: number): number {
  let index = 0;
  for (let step = moments[at]?.first ?? 0; step > 0; step = moments[step - 1]?.first ?? 0) index++;
  return index;
}

/** The whole text, as far as it was decoded. */
export function textOf({ blocks }: Replay): string {
  return blocks
    .flat()
    .map(({ text }) => text)
    .join("");
}
