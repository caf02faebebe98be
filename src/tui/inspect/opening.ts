import type { AnswerBlock } from "../../chat/index.ts";
import type { Direction } from "../knobs/steps.ts";
import { update, type ChatState, type Update } from "../store/state.ts";

/** `/inspect`: shows the slots of the block, or hides them. */
export function toggleInspector(state: ChatState): Update {
  const { inspecting, ...rest } = state;
  return update(inspecting === undefined ? { ...rest, inspecting: {} } : rest);
}

/** The slot that is shown above all: the one picked, else the first that waits, else the least sure. */
export function pickedSlot({ inspecting }: ChatState, { slots }: AnswerBlock): number {
  const last = Math.max(0, slots.length - 1);
  if (inspecting?.slot !== undefined) return Math.min(last, inspecting.slot);
  const waiting = slots.findIndex(({ state, kept }) => state === "masked" && kept);
  if (waiting !== -1) return waiting;
  const sureness = slots.map(({ confidence = 1 }) => confidence);
  return Math.max(0, sureness.indexOf(Math.min(...sureness)));
}

/** Picks the next slot, where slots are shown and the prompt is empty; else the key is for something else. */
export const pickSlot =
  (direction: Direction) =>
  (state: ChatState): Update | undefined => {
    const block = state.answer?.inspected?.block;
    if (state.inspecting === undefined || state.editor.text !== "" || block === undefined) return undefined;
    const slot = pickedSlot(state, block) + direction;
    return update({ ...state, inspecting: { slot: Math.min(block.slots.length - 1, Math.max(0, slot)) } });
  };
