import { UserError } from "../../errors.ts";
import type { Direction } from "../knobs/steps.ts";
import { asciiGlyphs } from "../paint/glyphs.ts";
import { noteOn } from "../store/notices.ts";
import { pickedSlot } from "./picked.ts";
import { slotLines } from "./rows.ts";
import { update, type ChatState, type Update } from "../store/state.ts";

/**
 * `/inspect`: shows the slots of the block, or hides them; where nothing stands below the page it prints them.
 * @throws UserError usage: there is nothing to print yet
 */
export function inspectBlock(state: ChatState): Update {
  if (state.popups) return toggleInspector(state);
  const lines = slotLines(state, asciiGlyphs).map((text) => ({ lead: [], text }));
  if (lines.length === 0) throw new UserError("usage", "There is no block yet: ask something first.");
  return update(noteOn(state, lines));
}

function toggleInspector(state: ChatState): Update {
  const { inspecting, ...rest } = state;
  return update(inspecting === undefined ? { ...rest, inspecting: {} } : rest);
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
