import { longestGuessing, masksWorth, mostHedgeMasks, rowsOfWindow } from "../decoding/speculation.ts";
import type { Bounds, Forecast, Look, Outlook, Way } from "./forecast.ts";

/** Of equals the first is taken: the one that guesses less. */
const draftGrid = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
const lookaheadGrid = [0.5, 0];
const hedgeGrid = [2, 0.25, 0.1, 0];

/**
 * Guessing and checking, for every set of thresholds. There are three kinds of windows: bare ones, without drafts; those whose
 * drafts are the guesses of masks ahead; and those whose drafts come from a hedge, no more than that had masks. A window whose drafts stand
 * is followed by one of the second kind, unless they were too doubtful to guess behind them; one with a refused
 * draft by one of the third if that was hedged; else a bare one follows. How often each comes solves that.
 */
export function forecastWindows(outlook: Outlook, blockLength: number): Forecast[] {
  const most = longestGuessing(outlook.mostRows, outlook.firstMaskRows === 0);
  const ahead = Math.min(blockLength, most) - 1;
  const way: Way = { strategy: "self_speculative", blockLength };
  const lines = outlook.looks.map((look) => ({ weight: look.weight, chain: chainOf(look, ahead) }));
  return hedgeGrid.flatMap((hedgeThreshold) => {
    const windows = lines.map(({ weight, chain }) =>
      windowsOf(chain, weight, hedgeThreshold, ahead, outlook),
    );
    return draftGrid.flatMap((draftThreshold) => {
      const drafted = lines.map(({ chain }) => draftsOf(chain, draftThreshold));
      const take = (depth: number) =>
        windows.map((each, index) => each[Math.min(drafted[index] ?? 0, depth)] ?? nothing);
      const whole = take(ahead);
      const depth = depthOf(whole);
      const behind = depth < ahead ? take(depth) : whole;
      return lookaheadGrid.map((lookaheadThreshold) => {
        const bounds = { draftThreshold, lookaheadThreshold, hedgeThreshold };
        const { tokens, rate } = outcome(whole, behind, bounds, ahead, outlook);
        return { way, bounds, tokens, rate, wrong: 0 };
      });
    });
  });
}

/** A window with so many of the drafts that a look proposes. */
interface Expected {
  readonly weight: number;
  /** of its drafts */
  readonly link: ChainLink;
  /** rows without masks ahead and with them */
  readonly bare: number;
  readonly rows: number;
  /** chance that a draft is refused for which there is a hedge, and the masks of the hedges weighed with it */
  readonly covered: number;
  readonly coveredMasks: number;
}

/** By number of drafts, no drafts first. Where hedges do not fit a pass, as much less is covered. */
function windowsOf(
  chain: readonly ChainLink[],
  weight: number,
  hedgeThreshold: number,
  ahead: number,
  { mostRows, firstMaskRows }: Outlook,
): Expected[] {
  let [hedged, covered, coveredMasks] = [0, 0, 0];
  return chain.map((link, drafts) => {
    const before = chain[drafts - 1];
    if (before !== undefined) {
      const masks = masksWorth(before.claimed - link.claimed, hedgeThreshold, ahead);
      const refused = masks > 0 ? before.right - link.right : 0;
      hedged += masks;
      covered += refused;
      coveredMasks += refused * masks;
    }
    const rows = rowsOfWindow({ drafts, ahead }, firstMaskRows === 0);
    const laid = Math.min(hedged, mostHedgeMasks, Math.max(0, mostRows - rows));
    const share = hedged === 0 ? 1 : laid / hedged;
    return {
      weight,
      link,
      bare: rows - ahead + laid,
      rows: rows + laid,
      covered: covered * share,
      coveredMasks: coveredMasks * share,
    };
  });
}

function draftsOf(chain: readonly ChainLink[], draftThreshold: number): number {
  let drafts = 0;
  while ((chain[drafts + 1]?.claimed ?? 0) > draftThreshold) drafts++;
  return drafts;
}

/** Masks of the hedge that a refusal meets, as a rule. */
function depthOf(windows: readonly Expected[]): number {
  const covered = windows.reduce((sum, each) => sum + each.weight * each.covered, 0);
  const masks = windows.reduce((sum, each) => sum + each.weight * each.coveredMasks, 0);
  return covered === 0 ? Infinity : Math.round(masks / covered);
}

function outcome(
  whole: readonly Expected[],
  behind: readonly Expected[],
  { lookaheadThreshold }: Pick<Bounds, "lookaheadThreshold">,
  ahead: number,
  { costs, firstMaskRows }: Outlook,
) {
  const guessed = mean(whole, lookaheadThreshold, costs);
  const hedged = whole === behind ? guessed : mean(behind, lookaheadThreshold, costs);
  // For one window of the second kind there are so many of the third, and so many bare ones.
  const third = guessed.covered / Math.max(1e-6, 1 - hedged.covered);
  const bare = 1 - guessed.stands - guessed.covered + third * (1 - hedged.stands - hedged.covered);
  const all = 1 + third + bare;
  const ofBare = costs[rowsOfWindow({ drafts: 0, ahead }, firstMaskRows === 0)] ?? Infinity;
  const tokens = 1 + (guessed.kept + third * hedged.kept) / all;
  const pass = (guessed.time + third * hedged.time + bare * ofBare) / all;
  return { tokens, rate: tokens / pass };
}

function mean(windows: readonly Expected[], lookaheadThreshold: number, costs: Float64Array) {
  let [total, stands, covered, kept, time] = [0, 0, 0, 0, 0];
  for (const { weight, link, bare, rows, covered: refusals } of windows) {
    const looksOn = link.claimed >= lookaheadThreshold;
    total += weight;
    stands += looksOn ? weight * link.right : 0;
    covered += weight * refusals;
    kept += weight * link.kept;
    time += weight * (costs[looksOn ? rows : bare] ?? Infinity);
  }
  return { stands: stands / total, covered: covered / total, kept: kept / total, time: time / total };
}

/** Of so many drafts: the chance that all are right, as the model sees it and as experience does, and how many stand. */
interface ChainLink {
  readonly claimed: number;
  readonly right: number;
  readonly kept: number;
}

const none: ChainLink = { claimed: 1, right: 1, kept: 0 };
const nothing: Expected = { weight: 0, link: none, bare: 1, rows: 1, covered: 0, coveredMasks: 0 };

/** By number of drafts. */
function chainOf({ confidence, chance }: Look, most: number): ChainLink[] {
  const chain = [none];
  let { claimed, right, kept } = none;
  for (let draft = 1; draft <= most; draft++) {
    claimed *= confidence[draft] ?? 0;
    right *= chance[draft] ?? 0;
    kept += right;
    chain.push({ claimed, right, kept });
  }
  return chain;
}
