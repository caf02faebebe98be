import type { Denoised, EngineEvent, LocalEngine, SlotReading } from "../engine/index.ts";
import type { RecordedTurn } from "./turns.ts";

/** What a step said of one position. */
export type SlotFacts = Pick<SlotReading, "token" | "confidence" | "unmasked">;

/** Where a decoding parts from its recording. */
export type Difference =
  /** a position of a step: its token, the probability of it, or whether it was placed */
  | {
      readonly kind: "slot";
      readonly block: number;
      readonly step: number;
      readonly position: number;
      readonly was: SlotFacts;
      readonly is: SlotFacts;
    }
  /** the passes themselves: other positions were open, or the answer ended earlier */
  | { readonly kind: "course"; readonly block: number; readonly step: number }
  /** every step is the same, and yet the answer is not */
  | { readonly kind: "answer" };

export interface Verdict {
  /** steps that are the same: all of them, if there is no difference */
  readonly steps: number;
  readonly difference?: Difference;
  /** of the prompt, tokens found in the cache; where that differs, 8-bit weights may round differently */
  readonly reused: { readonly was: number; readonly is: number };
}

/** Probabilities are kept in steps of 1e-5: the same number can be read back half of that apart. */
const tolerance = 1e-5;

/**
 * Decodes a recorded answer again, with the prompt, the borders, the seed and the settings of every step as they were,
 * up to the first step that is not the same. The engine's cache is to hold what it held then: the answers before this one.
 * @param onStep called after each step that is the same
 * @throws UserError usage, context-full: the model is another one and cannot take the prompt
 */
export async function verifyTurn(
  turn: RecordedTurn,
  engine: LocalEngine,
  onStep: () => void = () => {},
): Promise<Verdict> {
  const { promptIds, reply, events } = turn;
  const recorded = events.filter((event) => event.type === "denoised");
  const borders = reply.borders.filter((border) => border <= promptIds.length);
  const was = events.find((event) => event.type === "prefilled")?.reusedTokens ?? 0;
  let reused = { was, is: 0 };
  let steps = 0;
  let last: EngineEvent | undefined;
  const request = { promptIds, borders, reuse: was, settings: reply.settings };
  for await (const event of engine.repeat(request, events)) {
    last = event;
    if (event.type === "prefilled") reused = { was, is: event.reusedTokens };
    if (event.type !== "denoised") continue;
    const then = recorded[steps];
    const difference = then === undefined ? courseOf(event) : differenceOf(then, event);
    if (difference !== undefined) return { steps, difference, reused };
    steps++;
    onStep();
  }
  const missing = recorded[steps];
  if (missing !== undefined) return { steps, difference: courseOf(missing), reused };
  return sameAnswer(turn, last) ? { steps, reused } : { steps, difference: { kind: "answer" }, reused };
}

function differenceOf(then: Denoised, now: Denoised): Difference | undefined {
  const { block, step } = then;
  const sameCourse =
    now.block === block &&
    now.step === step &&
    now.slots.length === then.slots.length &&
    now.slots.every(({ position }, index) => position === then.slots[index]?.position);
  if (!sameCourse) return courseOf(then);
  const at = now.slots.findIndex((slot, index) => !sameSlot(then.slots[index], slot));
  const [before, after] = [then.slots[at], now.slots[at]];
  if (before === undefined || after === undefined) return undefined;
  return { kind: "slot", block, step, position: before.position, was: before, is: after };
}

function sameSlot(then: SlotReading | undefined, now: SlotReading): boolean {
  if (then === undefined || then.token !== now.token || then.unmasked !== now.unmasked) return false;
  return Math.abs(then.confidence - now.confidence) <= tolerance;
}

const courseOf = ({ block, step }: Denoised): Difference => ({ kind: "course", block, step });

/** An answer that was stopped, or broke off, kept no more than its steps say. */
function sameAnswer({ reply, events }: RecordedTurn, last: EngineEvent | undefined): boolean {
  const ended = events.find((event) => event.type === "finished");
  if (ended === undefined || ended.reason === "aborted" || last?.type !== "finished") return true;
  const sameLength = last.ids.length === reply.ids.length || ended.reason === "length";
  return sameLength && reply.ids.every((id, index) => id === last.ids[index]);
}
