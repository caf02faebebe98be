import { performance } from "node:perf_hooks";
import type { Display } from "../display.ts";
import type { ReadingOptions } from "../markdown/reading.ts";
import type { ChatOptions } from "../options.ts";
import { isColored } from "../paint/palette.ts";
import { sayUntrained } from "../store/knobs.ts";
import { initialState, type ChatState } from "../store/state.ts";
import { readHistory } from "./history-file.ts";

/** The clock of every chat: milliseconds that only go forward. */
export const clock = (): number => performance.now();

/** The state of a chat that was just opened. */
export function startState(options: ChatOptions): ChatState {
  const { settings, model, historyFile, display, contextLimit, system } = options;
  const history = readHistory(historyFile);
  const masksAreNew = history.length === 0 && display.motion && display.manner === "page";
  const state = initialState(
    {
      settings,
      model,
      history,
      heat: display.heat,
      view: { pace: display.pace, motion: display.motion, inLines: display.manner !== "page" },
      reading: readingOn(display),
      contextLimit,
      popups: display.manner === "page",
      ...(system !== undefined && { system }),
      ...(masksAreNew && { hint: "Grey is still masked; coloured or underlined words are doubtful." }),
    },
    clock(),
  );
  return sayUntrained(state);
}

/** How text is read for a display. */
export function readingOn({ markdown, depth, manner }: Display): ReadingOptions {
  return { markdown, wrap: manner === "spoken" ? "terminal" : "words", color: isColored(depth) };
}
