import type { ChatState } from "../store/state.ts";
import { layoutFor } from "../markdown/reading.ts";
import type { Glyphs } from "./glyphs.ts";
import { takeLines } from "./page-lines.ts";
import { paint, textWidth, type Picture, type Size } from "./paint.ts";
import { rowWidth, type Row } from "../text/row.ts";

/** One frame: lines that go to the scrollback for good, and the live region under them. */
export interface Frame {
  readonly lines: readonly Row[];
  readonly picture: Picture;
  /** the state without those lines */
  readonly state: ChatState;
}

/** The next frame; pure. The live region gets lower only by rows that went to the scrollback above it. */
export function nextFrame(state: ChatState, size: Size, glyphs: Glyphs): Frame {
  const { lines, page } = takeLines(
    state.page,
    textWidth(size),
    layoutFor(state.reading, glyphs),
    state.heat,
  );
  const gone = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(rowWidth(line) / size.columns)), 0);
  const before = { ...state, page, floor: Math.max(0, state.floor - gone) };
  const picture = paint(before, size, glyphs);
  return { lines, picture, state: { ...before, floor: picture.rows.length } };
}
