import type { Glyphs } from "../paint/glyphs.ts";
import { piece, type Piece, type Row } from "../text/row.ts";
import { momentOf, type ReplayState } from "./state.ts";

const name = "  tokens a step";

/**
 * Tokens a step as shares of the block, one cell a step, and under it the place of the step that is shown. Blocks
 * alternate, so that their borders show. Of more steps than cells, those around the shown one.
 */
export function trackRows(state: ReplayState, width: number, glyphs: Glyphs): [Row, Row] {
  const { moments } = state.replay;
  const room = width < 50 ? width : width - name.length;
  const first = Math.max(0, Math.min(state.at - Math.floor(room / 2), moments.length - room));
  const shown = moments.slice(first, first + room);
  const pieces: Piece[] = shown.map(({ placed, settings, block }) => {
    const share = placed / Math.max(1, Math.min(settings.blockLength, block.slots.length));
    const level = Math.min(7, Math.max(0, Math.round(share * 8) - 1));
    return piece(glyphs.bars[level] ?? "", block.number % 2 === 0 ? "text" : "dim");
  });
  const caret = " ".repeat(state.at - first);
  return [
    width < 50 ? pieces : [...pieces, piece(name, "dim")],
    [piece(`${caret}^`, "strong"), piece(stepText(state), "dim")],
  ];
}

/** Which step of its block it is: beside the caret, where the eye is. */
function stepText(state: ReplayState): string {
  const { first } = momentOf(state);
  return ` ${state.at - first + 1}`;
}
