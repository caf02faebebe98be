import { longestGuessing, masksWorth, mostHedgeMasks, rowsOfWindow } from "../decoding/speculation.ts";
import type { Forecast, Outlook, Sureness, Way } from "./forecast.ts";

/** Of equals the first is taken: the one that guesses less. */
const draftGrid = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
const lookaheadGrid = [0.5, 0];
const hedgeGrid = [2, 0.25, 0.1, 0];

/**
 * Guessing and checking, for every set of thresholds. A window is refused (a guess is wrong), silent (its drafts were
 * too doubtful to guess behind them) or brings the next drafts; a refused one brings them too where it was hedged. Of the
 * windows that follow, the share `drafting` that have drafts solves drafting = 1 - drafting + drafting x (chance to bring
 * drafts). That a hedge of few masks brings few drafts is left out: with it forecasts were worse.
 */
export function forecastWindows(outlook: Outlook, blockLength: number): Forecast[] {
  const most = longestGuessing(outlook.mostRows, outlook.firstMaskRows === 0);
  const ahead = Math.min(blockLength, most) - 1;
  const way: Way = { strategy: "self_speculative", blockLength };
  const lines = outlook.looks.map((look) => ({ weight: look.weight, chain: chainOf(look.inOrder, ahead) }));
  return hedgeGrid.flatMap((hedgeThreshold) => {
    const windows = lines.map(({ weight, chain }) =>
      windowsOf(chain, weight, hedgeThreshold, ahead, outlook),
    );
    return draftGrid.flatMap((draftThreshold) => {
      const drafted = lines.map(
        ({ chain }, index) => windows[index]?.[draftsOf(chain, draftThreshold)] ?? nothing,
      );
      return lookaheadGrid.map((lookaheadThreshold) => {
        const bounds = { draftThreshold, lookaheadThreshold, hedgeThreshold };
        const { tokens, rate } = outcome(drafted, lookaheadThreshold, ahead, outlook);
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
  /** chance that a draft is refused for which there is a hedge */
  readonly covered: number;
}

/** By number of drafts, no drafts first. Where hedges do not fit a pass, as much less is covered. */
function windowsOf(
  chain: readonly ChainLink[],
  weight: number,
  hedgeThreshold: number,
  ahead: number,
  { mostRows, firstMaskRows }: Outlook,
): Expected[] {
  let [hedged, covered] = [0, 0];
  return chain.map((link, drafts) => {
    const before = chain[drafts - 1];
    if (before !== undefined) {
      const masks = masksWorth(before.claimed - link.claimed, hedgeThreshold, ahead);
      hedged += masks;
      covered += masks > 0 ? before.right - link.right : 0;
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
    };
  });
}

function draftsOf(chain: readonly ChainLink[], draftThreshold: number): number {
  let drafts = 0;
  while ((chain[drafts + 1]?.claimed ?? 0) > draftThreshold) drafts++;
  return drafts;
}

function outcome(
  windows: readonly Expected[],
  lookaheadThreshold: number,
  ahead: number,
  { costs, firstMaskRows }: Outlook,
) {
  let [total, goesOn, accepted, busy] = [0, 0, 0, 0];
  for (const { weight, link, bare, rows, covered } of windows) {
    const looksOn = link.claimed >= lookaheadThreshold;
    total += weight;
    goesOn += weight * ((looksOn ? link.right : 0) + covered);
    accepted += weight * link.kept;
    busy += weight * (costs[looksOn ? rows : bare] ?? Infinity);
  }
  const drafting = 1 / (2 - goesOn / total);
  const ofBare = costs[rowsOfWindow({ drafts: 0, ahead }, firstMaskRows === 0)] ?? Infinity;
  const tokens = 1 + (drafting * accepted) / total;
  return { tokens, rate: tokens / ((drafting * busy) / total + (1 - drafting) * ofBare) };
}

/** Of so many drafts: the chance that all are right, as the model sees it and as experience does, and how many stand. */
interface ChainLink {
  readonly claimed: number;
  readonly right: number;
  readonly kept: number;
}

const none: ChainLink = { claimed: 1, right: 1, kept: 0 };
const nothing: Expected = { weight: 0, link: none, bare: 1, rows: 1, covered: 0 };

/** By number of drafts. */
function chainOf({ confidence, chance }: Sureness, most: number): ChainLink[] {
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
