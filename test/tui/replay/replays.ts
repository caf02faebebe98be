import type { Replay } from "../../../src/tui/replay/moments.ts";
import { replayOf } from "../../../src/tui/replay/moments.ts";
import { pressReplay } from "../../../src/tui/replay/keys.ts";
import { openReplay, type ReplayState } from "../../../src/tui/replay/state.ts";
import { reading } from "../markdown/markdowns.ts";
import { eventsOf, settingsFor, tokensOf, type Script } from "../answers.ts";

export const script: Script = {
  texts: ["The", " sky", " is", " blue", " today", "."],
  blockLength: 4,
  order: [1, 0, 1, 0],
  confidence: [0.99, 0.7, 0.5, 0.3],
};

/** What was recorded of an answer to the script. */
export function recorded(from: Script, user = "why?") {
  return { user, reply: { settings: settingsFor(from.blockLength) }, events: eventsOf(from) };
}

export function replayOfScript(from: Script): Replay {
  return replayOf([recorded(from)], 0, tokensOf(from.texts));
}

/** The replay after these keys, a key a millisecond; it stays as it was where a key would leave it. */
export function pressing(keys: readonly string[], from: Script = script): ReplayState {
  return keys.reduce<ReplayState>(
    (state, key, now) => {
      const next = pressReplay(state, key, now);
      return typeof next === "string" ? state : next;
    },
    openReplay(replayOfScript(from), reading),
  );
}
