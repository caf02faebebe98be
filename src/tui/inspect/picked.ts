import type { AnswerBlock } from "../../chat/index.ts";
import type { ChatState } from "../store/state.ts";

/** The slot that is shown above all: the one picked, else the first that waits, else the least sure. */
export function pickedSlot({ inspecting }: ChatState, { slots }: AnswerBlock): number {
  const last = Math.max(0, slots.length - 1);
  if (inspecting?.slot !== undefined) return Math.min(last, inspecting.slot);
  const waiting = slots.findIndex(({ state, kept }) => state === "masked" && kept);
  if (waiting !== -1) return waiting;
  const sureness = slots.map(({ confidence = 1 }) => confidence);
  return Math.max(0, sureness.indexOf(Math.min(...sureness)));
}
