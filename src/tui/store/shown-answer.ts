import type { AnswerBlock, AnswerState } from "../../chat/index.ts";
import type { DecodingSettings } from "../../engine/index.ts";
import { emptyPacer, type Pacer } from "../pacing.ts";
import type { Refusal } from "./refusals.ts";

/** The answer being decoded, or the last one. */
export interface Answer {
  /** as the engine has it: rates and settings shown are these */
  readonly engine: AnswerState;
  /** as it is shown: the same a little later */
  readonly view: AnswerState;
  readonly pacer: Pacer;
  /** share of its block that each shown step unmasked, newest last */
  readonly yields: readonly number[];
  /** characters of its text on the page */
  readonly written: number;
  /** the guess that was refused last */
  readonly refusal?: Refusal;
  readonly inspected?: Inspected;
  /** the engine has not said its last word */
  readonly running: boolean;
  /** since when it has been asked to stop */
  readonly stoppingSince?: number;
  readonly askedAt: number;
  /** when the engine last said something */
  readonly heardAt: number;
  /** decoded beside the conversation, to be compared: knobs that are turned meanwhile are not its own */
  readonly aside?: { readonly before: Answer | undefined };
}

/** The conversation's answer, also while another is decoded beside it. */
export function ownAnswer(answer: Answer | undefined): Answer | undefined {
  return answer?.aside === undefined ? answer : answer.aside.before;
}

/** A block as the step that was shown last left it, and the settings of each of its steps. */
export interface Inspected {
  readonly block: AnswerBlock;
  readonly settings: readonly DecodingSettings[];
}

export function freshAnswer(state: AnswerState, now: number): Answer {
  return {
    engine: state,
    view: state,
    pacer: emptyPacer,
    yields: [],
    written: 0,
    running: true,
    askedAt: now,
    heardAt: now,
  };
}

/** An engine that says nothing for so long is spoken of, milliseconds. */
export const silencePatience = 10_000;

/** An engine that goes on so long after it was asked to stop may hang, milliseconds. */
export const stopPatience = 1000;
