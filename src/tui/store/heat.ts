import { notify } from "./notices.ts";
import { update, type ChatState, type Update } from "./state.ts";

/**
 * Where doubt is coloured: nowhere, in the text that can still change, or in what goes to the scrollback too. Rows that
 * are in the scrollback are the terminal's: they keep the look that they had.
 */
export const heats = ["off", "live", "kept"] as const;

export type Heat = (typeof heats)[number];

const said: Readonly<Record<Heat, string>> = {
  off: "heat off: no colours of doubt; rows above keep theirs",
  live: "heat live: colours of doubt until text is complete; rows above keep theirs",
  kept: "heat kept: text keeps its colours of doubt from here on; rows above stay as they are",
};

export function setHeat(state: ChatState, heat: Heat): Update {
  return update(notify({ ...state, heat }, said[heat], "dim"));
}

export function nextHeat(state: ChatState): Update {
  return setHeat(state, heats[(heats.indexOf(state.heat) + 1) % heats.length] ?? "live");
}
