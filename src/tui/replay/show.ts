import { UserError } from "../../errors.ts";
import type { TokenText } from "../../model/index.ts";
import type { Display } from "../display.ts";
import { readingOn } from "../shell/start-state.ts";
import { chooseReplay } from "./choose.ts";
import type { Recorded } from "./moments.ts";
import { ReplayScreen } from "./replay-screen.ts";

export interface ReplayOptions {
  readonly turns: readonly Recorded[];
  /** counted from 1; default: the last one */
  readonly answer?: number;
  readonly tokens: TokenText;
  readonly display: Display;
}

/**
 * Shows a recorded answer on the whole terminal until the person leaves it; the terminal is then as it was found.
 * @throws UserError usage: there is no such answer, or the terminal cannot move its cursor
 */
export async function showReplay({ turns, answer, tokens, display }: ReplayOptions): Promise<void> {
  const replay = chooseReplay(turns, answer, tokens);
  if (!display.cursor) throw new UserError("usage", "A replay needs a terminal that can move its cursor.");
  const { stdin: input, stdout: output } = process;
  const reading = readingOn(display);
  await new ReplayScreen({ replay, display, reading, input, output }).left;
  input.pause();
}
