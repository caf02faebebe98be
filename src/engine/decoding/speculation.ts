import type { Candidate } from "../events.ts";
import type { Reading } from "./readings.ts";
import type { DecodingSettings } from "../settings.ts";

/**
 * A pass of self_speculative: it checks the drafts for the next positions and guesses what follows them. Verifiers
 * are the masks of those positions and one more, each as block length 1 would see it; the masks ahead see all drafts. For
 * the case that a draft is refused, hedges guess what follows the token that its verifier chooses instead.
 * Kin: S2D2 (arXiv 2603.25702), TiDAR (arXiv 2511.08923: guesses for every number of accepted drafts); one noise for guess
 * and check: arXiv 2408.07978.
 */
export interface Window {
  /** the first position that is not known */
  readonly start: number;
  /** guesses for `start` and on */
  readonly drafts: readonly Candidate[];
  /** masks behind the last verifier */
  readonly ahead: number;
  readonly hedges: readonly Hedge[];
}

/** Masks behind the verifier of a draft, which do not see that draft: what they say holds if it is refused. */
export interface Hedge {
  /** how many drafts stand before the refused one */
  readonly after: number;
  /** at least 1 */
  readonly masks: number;
}

type Thresholds = Pick<DecodingSettings, "blockLength" | "lookaheadThreshold" | "hedgeThreshold">;

/**
 * Plans the next pass.
 * @param drafts as proposed by the pass before
 * @param end no position from here on is wanted
 * @param mostHedged masks of all hedges together, at most
 */
export function planWindow(
  start: number,
  drafts: readonly Candidate[],
  end: number,
  settings: Thresholds,
  mostHedged = Infinity,
): Window {
  const { blockLength, lookaheadThreshold } = settings;
  const checked = drafts.slice(0, Math.max(0, end - 1 - start));
  // A guess for the last position would come too late: the verifier behind the drafts decides that one.
  const room = end - 2 - start - checked.length;
  const ahead = chanceOf(checked) < lookaheadThreshold ? 0 : Math.min(blockLength - 1, room);
  const hedges = planHedges(checked, room + checked.length, settings, mostHedged);
  return { start, drafts: checked, ahead: Math.max(0, ahead), hedges };
}

/**
 * A refusal is as probable as the drafts before are right and this one is wrong. Its first mask is worth that much, each one
 * behind it half of the one before; those worth the threshold are laid out.
 * @param room positions behind `start` that a guess is not too late for
 */
function planHedges(
  drafts: readonly Candidate[],
  room: number,
  { blockLength, hedgeThreshold }: Thresholds,
  most: number,
): Hedge[] {
  const hedges: Hedge[] = [];
  let before = 1;
  let left = most;
  for (const [after, { probability }] of drafts.entries()) {
    const refused = before * (1 - probability);
    const longest = Math.min(blockLength - 1, room - after, left);
    let masks = 0;
    while (masks < longest && refused / 2 ** masks >= hedgeThreshold) masks++;
    if (masks > 0) hedges.push({ after, masks });
    left -= masks;
    before *= probability;
  }
  return hedges;
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
 * The next drafts: what the masks behind the verifier that had the last word chose, from the left, as long as all of them are right
 * with a chance above the threshold.
 * @param readings of the verifiers, the masks ahead and the hedges
 */
export function proposeDrafts(
  window: Window,
  readings: readonly Reading[],
  draftThreshold: number,
): Candidate[] {
  const drafts: Candidate[] = [];
  let chance = 1;
  for (const { token, confidence } of guessesBehind(window, readings)) {
    chance *= confidence;
    if (chance <= draftThreshold) break;
    drafts.push({ token, probability: confidence });
  }
  return drafts;
}

function guessesBehind(window: Window, readings: readonly Reading[]): readonly Reading[] {
  const { start, drafts, hedges } = window;
  const accepted = acceptedDrafts(window, readings);
  let first = windowEnd(window) - start;
  if (accepted === drafts.length) return readings.slice(drafts.length + 1, first);
  for (const { after, masks } of hedges) {
    if (after === accepted) return readings.slice(first, first + masks);
    first += masks;
  }
  return [];
}

/** The chance that all drafts are right, as the model sees it. */
function chanceOf(drafts: readonly Candidate[]): number {
  return drafts.reduce((product, { probability }) => product * probability, 1);
}
