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

/** What a pass may have, and a form makes of it. */
export interface PassLimits {
  readonly mostRows: number;
  /** see Form */
  readonly sharesFirst: boolean;
}

/**
 * Plans the next pass.
 * @param drafts as proposed (proposals.ts)
 * @param end no position from here on is wanted
 */
export function planWindow(
  start: number,
  drafts: readonly Candidate[],
  end: number,
  settings: Thresholds,
  { mostRows, sharesFirst }: PassLimits = { mostRows: Infinity, sharesFirst: false },
): Window {
  const { lookaheadThreshold, hedgeThreshold } = settings;
  const blockLength = Math.min(settings.blockLength, longestGuessing(mostRows, sharesFirst));
  const checked = drafts.slice(0, Math.max(0, Math.min(end - 1 - start, mostDrafts(mostRows, sharesFirst))));
  // A guess for the last position would come too late: the verifier behind the drafts decides that one.
  const room = end - 2 - start - checked.length;
  const bare = rowsOfWindow({ drafts: checked.length, ahead: 0 }, sharesFirst);
  const most = Math.min(blockLength - 1, room, mostRows - bare);
  const ahead = chanceOf(checked) < lookaheadThreshold ? 0 : Math.max(0, most);
  const refusals = refusalsOf(checked);
  const longest = (after: number) => Math.max(0, Math.min(blockLength - 1, room + checked.length - after));
  const wanted = refusals.map((refusal, after) => masksWorth(refusal, hedgeThreshold, longest(after)));
  // One known token, at most, is not cached: it is a row of the window.
  const left = Math.max(0, mostRows - bare - ahead);
  const masks = hedgeMasks(refusals, wanted, Math.min(left, mostHedgeMasks));
  const hedges = masks.flatMap((count, after) => (count > 0 ? [{ after, masks: count }] : []));
  return { start, drafts: checked, ahead, hedges };
}

/** Masks of all hedges of a window at most: more cost more than they can bring, on a GPU too. */
export const mostHedgeMasks = 48;

/**
 * How many masks are worth the threshold for a refusal of this chance: the first is worth that much, each one behind it half of
 * the one before.
 */
export function masksWorth(refusal: number, hedgeThreshold: number, longest: number): number {
  if (refusal < hedgeThreshold) return 0;
  if (hedgeThreshold === 0 || refusal === 0) return longest;
  return Math.min(longest, Math.floor(Math.log2(refusal / hedgeThreshold)) + 1);
}

/**
 * How many masks each draft has for the case that it is refused.
 * @param wanted masks of each draft that are worth laying out
 * @param most in all: the worthiest are laid out first
 */
function hedgeMasks(refusals: readonly number[], wanted: readonly number[], most: number): readonly number[] {
  if (wanted.reduce((sum, count) => sum + count, 0) <= most) return wanted;
  const masks = refusals.map(() => 0);
  for (let left = most; left > 0; left--) {
    const worth = refusals.map((refusal, after) =>
      (masks[after] ?? 0) < (wanted[after] ?? 0) ? refusal / 2 ** (masks[after] ?? 0) : -1,
    );
    const next = worth.indexOf(Math.max(...worth));
    masks[next] = (masks[next] ?? 0) + 1;
  }
  return masks;
}

/** The chance of each draft to be the first that is wrong, as the model sees it. */
function refusalsOf(drafts: readonly Candidate[]): number[] {
  let before = 1;
  return drafts.map(({ probability }) => {
    const refusal = before * (1 - probability);
    before *= probability;
    return refusal;
  });
}

/** The first position behind a window. */
export function windowEnd({ start, drafts, ahead }: Window): number {
  return start + drafts.length + 1 + ahead;
}

/** Rows of a window without its hedges. @param sharesFirst see Form */
export function rowsOfWindow(
  { drafts, ahead }: Pick<Window, "ahead"> & { readonly drafts: number },
  sharesFirst: boolean,
): number {
  return (sharesFirst ? 1 : 2) * (drafts + 1) + ahead;
}

/** Masks of all its hedges. */
export function hedgedMasks({ hedges }: Pick<Window, "hedges">): number {
  return hedges.reduce((sum, { masks }) => sum + masks, 0);
}

/** Drafts that a pass has room for: more are proposed where the text repeats itself. */
function mostDrafts(mostRows: number, sharesFirst: boolean): number {
  return Math.floor(mostRows / (sharesFirst ? 1 : 2)) - 1;
}

/** The longest block length whose windows, of as many drafts and masks ahead as it allows, have no more rows than a pass may. */
export function longestGuessing(mostRows: number, sharesFirst: boolean): number {
  return Math.floor((mostRows + 1) / (sharesFirst ? 2 : 3));
}

/** How many leading drafts are what their positions' verifiers chose. */
export function acceptedDrafts({ drafts }: Window, readings: readonly Reading[]): number {
  const refused = drafts.findIndex(({ token }, index) => token !== readings[index]?.token);
  return refused === -1 ? drafts.length : refused;
}

/**
 * What the masks behind the verifier that had the last word say: those ahead, or those of a hedge; nothing if there are none.
 * @param readings of the verifiers, the masks ahead and the hedges
 */
export function guessesBehind(window: Window, readings: readonly Reading[]): readonly Reading[] {
  return readings.slice(...guessesAfter(window, acceptedDrafts(window, readings)));
}

/** Where the readings of the masks behind a verifier are, from and to: `accepted` drafts stand before it. */
export function guessesAfter(
  { drafts, ahead, hedges }: Window,
  accepted: number,
): [from: number, to: number] {
  let from = drafts.length + 1;
  if (accepted === drafts.length) return [from, from + ahead];
  from += ahead;
  for (const { after, masks } of hedges) {
    if (after === accepted) return [from, from + masks];
    from += masks;
  }
  return [from, from];
}

/** The chance that all drafts are right, as the model sees it. */
function chanceOf(drafts: readonly Candidate[]): number {
  return drafts.reduce((product, { probability }) => product * probability, 1);
}
