import type { Glyphs } from "../paint/glyphs.ts";
import { paintRow, paletteFor } from "../paint/palette.ts";
import type { Size } from "../paint/paint.ts";
import { asciicast, type CastEvent } from "./asciicast.ts";
import { paintReplay } from "./paint.ts";
import { goTo, pause, stepsPerSecond, type ReplayState } from "./state.ts";

/** Seconds that the last step stays. */
const farewell = 2;

/**
 * The replay as an asciicast: each step as the replay shows it in a terminal of that size, at the
 * replay's speed, in the colours for a dark ground.
 */
export function castOf(state: ReplayState, { columns, rows }: Size, glyphs: Glyphs): string {
  const { title, moments } = state.replay;
  const colors = paletteFor("truecolor", "dark");
  const still = pause(state);
  const frames = moments.map((_, at): CastEvent => {
    const picture = paintReplay(goTo(still, at), { columns, rows }, glyphs);
    const painted = picture.rows.map((row) => `${paintRow(row, colors)}\u001B[K`).join("\r\n");
    return [at / stepsPerSecond(state), `\u001B[?25l\u001B[H${painted}\u001B[J`];
  });
  const end = (moments.length - 1) / stepsPerSecond(state) + farewell;
  return asciicast({ columns, rows }, title, [...frames, [end, "\u001B[?25h\r\n"]]);
}
