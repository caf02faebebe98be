import type { Candidate } from "../events.ts";
import type { Reading } from "./readings.ts";
import type { DecodingSettings } from "../settings.ts";

/**
 * A pass of self_speculative: it checks the drafts for the next positions and guesses what follows them. Verifiers
 * are the masks of those positions and one more, each as block length 1 would see it; the masks ahead see all drafts.
 * Kin: S2D2 (arXiv 2603.25702), TiDAR (arXiv 2511.08923); one noise for guess and check: arXiv 2408.07978.
 */
export interface Window {
  /** the first position that is not known */
  readonly start: number;
  /** guesses for `start` and on */
  readonly drafts: readonly Candidate[];
  /** masks behind the last verifier */
  readonly ahead: number;
}

/**
 * Plans the next pass.
 * @param drafts as proposed by the pass before
 * @param end no position from here on is wanted
 */
export function planWindow(
  start: number,
  drafts: readonly Candidate[],
  end: number,
  { blockLength, lookaheadThreshold }: Pick<DecodingSettings, "blockLength" | "lookaheadThreshold">,
): Window {
  const checked = drafts.slice(0, Math.max(0, end - 1 - start));
  // A guess for the last position would come too late: the verifier behind the drafts decides that one.
  const room = end - 2 - start - checked.length;
  const ahead = chanceOf(checked) < lookaheadThreshold ? 0 : Math.min(blockLength - 1, room);
  return { start, drafts: checked, ahead: Math.max(0, ahead) };
}

/** The first position behind a window. */
export function windowEnd({ start, drafts, ahead }: Window): number {
  return start + drafts.length + 1 + ahead;
}

/** How many leading drafts are what their positions' verifiers chose. */
export function acceptedDrafts({ drafts }: Window, readings: readonly Reading[]): number {
  const refused = drafts.findIndex(({ token }, index) => token !== readings[index]?.token);
  return refused === -1 ? drafts.length : refused;
}

/**
 * The next drafts: what the masks ahead chose, from the left, as long as all of them are right with a chance above
 * the threshold. None if a draft was refused: they were guessed behind it.
 * @param readings of the verifiers and the masks ahead
 */
export function proposeDrafts(
  window: Window,
  readings: readonly Reading[],
  draftThreshold: number,
): Candidate[] {
  if (acceptedDrafts(window, readings) < window.drafts.length) return [];
  const drafts: Candidate[] = [];
  let chance = 1;
  for (const { token, confidence } of readings.slice(window.drafts.length + 1)) {
    chance *= confidence;
    if (chance <= draftThreshold) break;
    drafts.push({ token, probability: confidence });
  }
  return drafts;
}

/** The chance that all drafts are right, as the model sees it. */
function chanceOf(drafts: readonly Candidate[]): number {
  return drafts.reduce((product, { probability }) => product * probability, 1);
}
