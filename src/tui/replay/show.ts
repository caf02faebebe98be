import type { TokenText } from "../../model/index.ts";
import { openTerminal } from "../background.ts";
import type { Display } from "../display.ts";
import { readingOn } from "../shell/start-state.ts";
import { chooseReplay } from "./choose.ts";
import { replayLines } from "./in-words.ts";
import type { Recorded } from "./moments.ts";

export interface ReplayOptions {
  readonly turns: readonly Recorded[];
  /** counted from 1; default: the last one */
  readonly answer?: number;
  readonly tokens: TokenText;
  readonly display: Display;
}

/**
 * Shows a recorded answer on the whole terminal until the person leaves it; the terminal is then as it was found.
 * Where nothing can be drawn its steps are printed in words.
 * @throws UserError usage: there is no such answer
 */
export async function showReplay({ turns, answer, tokens, display }: ReplayOptions): Promise<void> {
  const replay = chooseReplay(turns, answer, tokens);
  const { stdin: input, stdout: output } = process;
  if (display.manner !== "page") {
    output.write(
      replayLines(replay)
        .map((line) => `${line}\n`)
        .join(""),
    );
    return;
  }
  const reading = readingOn(display);
  const opened = await openTerminal(display, { input, output }, import("./replay-screen.ts"));
  await new opened.loaded.ReplayScreen({ replay, display: opened.display, reading, input, output }).left;
  input.pause();
}
