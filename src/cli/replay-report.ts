import type { Difference, RecordedTurn, SlotFacts, Verdict } from "../chat/index.ts";
import type { TokenText } from "../model/index.ts";
import { forTerminal } from "./output.ts";

/** What a decoding depends on besides its recording. */
export interface Circumstances {
  readonly program: string;
  readonly model: string;
  /** sha256 */
  readonly weights: string;
  readonly device: string;
  readonly threads: number;
}

interface Slot {
  readonly token: number;
  readonly label: string;
  readonly probability: number;
  readonly placed: boolean;
}

/** Where an answer differs, all numbers as the replay shows them: from 1. */
export interface Place {
  readonly answer: number;
  /** of the answer; absent if all of its steps are the same and yet its ids are not */
  readonly step?: number;
  readonly block?: number;
  readonly blockStep?: number;
  readonly slot?: number;
  readonly was?: Slot;
  readonly is?: Slot;
}

/** What `--verify --json` prints. */
export interface Report {
  readonly same: boolean;
  /** answers that are the same from the first step to the last */
  readonly answers: number;
  /** steps that are the same, those before the difference included */
  readonly steps: number;
  readonly difference?: Place;
  /** of its prompt, tokens found in the cache */
  readonly reused?: Verdict["reused"];
  readonly was: Circumstances;
  readonly is: Circumstances;
}

export function placeOf(
  turn: RecordedTurn,
  answer: number,
  difference: Difference,
  tokens: TokenText,
): Place {
  if (difference.kind === "answer") return { answer };
  const { block, step } = difference;
  const steps = turn.events.filter((event) => event.type === "denoised");
  const index = steps.findIndex((event) => event.block === block && event.step === step);
  const place = {
    answer,
    step: (index === -1 ? steps.length : index) + 1,
    block: block + 1,
    blockStep: step + 1,
  };
  if (difference.kind === "course") return place;
  const opened = turn.events.find((event) => event.type === "block_opened" && event.block === block);
  const start = opened?.type === "block_opened" ? opened.start : 0;
  const first = Math.max(start, turn.promptIds.length);
  const slotOf = ({ token, confidence, unmasked }: SlotFacts): Slot => ({
    token,
    label: tokens.label(token),
    probability: confidence,
    placed: unmasked,
  });
  return {
    ...place,
    slot: difference.position - first + 1,
    was: slotOf(difference.was),
    is: slotOf(difference.is),
  };
}

/** The report in sentences. */
export function verdictText({ answers, steps, difference, reused, was, is }: Report): string {
  if (difference === undefined) {
    const are = steps === 1 ? "is" : "are";
    return `${count(steps, "step")} of ${count(answers, "answer")} ${are} the same.`;
  }
  const before =
    steps === 1 ? "The step before it is the same." : `The ${steps} steps before it are the same.`;
  return [
    differenceText(difference),
    ...(steps > 0 ? [before] : []),
    ...cacheText(reused),
    `then: ${circumstancesText(was)}`,
    `now:  ${circumstancesText(is)}`,
  ].join("\n");
}

/** An earlier conversation in the same program is not recorded, but its cache was used. */
function cacheText(reused: Report["reused"]): string[] {
  if (reused === undefined || reused.was === reused.is) return [];
  return [
    `Then ${reused.was} tokens of its prompt came from the cache and now ${reused.is} do: 8-bit weights may round differently for that alone.`,
  ];
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function differenceText({ answer, step, block, blockStep, slot, was, is }: Place): string {
  if (step === undefined) return `Answer ${answer} differs: its ids are not those of its steps.`;
  const place = `Answer ${answer} differs at step ${step} (block ${block}, step ${blockStep} of it)`;
  if (was === undefined || is === undefined) return `${place}: other positions were open, or it had ended.`;
  return `${place}, slot ${slot}: then ${slotText(was)}, now ${slotText(is)}.`;
}

function slotText({ label, probability, placed }: Slot): string {
  return `${forTerminal(JSON.stringify(label))} ${probability.toFixed(5)} ${placed ? "placed" : "not placed"}`;
}

function circumstancesText({ program, model, weights, device, threads }: Circumstances): string {
  return `sdar-chat ${program}, ${model} (${weights.slice(0, 12)}), ${device}, ${count(threads, "thread")}`;
}
