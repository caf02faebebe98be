import { sanitize } from "../text/sanitize.ts";
import { placedBy, type Moment, type Replay } from "./moments.ts";
import { tokenName } from "./words.ts";

/** A replay where nothing can be drawn: a line a block, its steps in order, with what each placed and how sure. */
export function replayLines({ title, number, of, moments }: Replay): string[] {
  const blocks = Map.groupBy(moments, ({ first }) => first);
  const head = `Answer ${number} of ${of}, ${sanitize(title).replaceAll(/\s+/g, " ")}:`;
  return [head, ...[...blocks.values()].map(blockLine)];
}

function blockLine(steps: readonly Moment[], index: number): string {
  return `block ${index + 1}: ${steps.map(stepText).join("; ")}`;
}

function stepText({ block }: Moment): string {
  const placed = placedBy(block).map(
    ({ label, confidence = 1 }) => `${tokenName(label, "...")} ${Math.floor(100 * confidence)}%`,
  );
  return `step ${block.step} ${placed.join(", ") || "nothing"}`;
}
