import type { Bounds, Forecast, Look, Outlook } from "./forecast.ts";

/** Of equals the first is taken: the one that guesses less. */
const draftGrid = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
const lookaheadGrid = [0.5, 0];
const hedgeGrid = [2, 0.25, 0.1, 0];

/**
 * Guessing and checking, for every set of thresholds. A window is refused (a guess is wrong), silent (its drafts were
 * too doubtful to guess behind them) or brings the next drafts; a refused one brings them too where it was hedged. Of the
 * windows that follow, the share `drafting` that have drafts solves drafting = 1 - drafting + drafting x (chance of neither).
 */
export function forecastWindows(outlook: Outlook, blockLength: number): Forecast[] {
  const ahead = blockLength - 1;
  const lines = outlook.looks.map((look) => ({ weight: look.weight, chain: chainOf(look, ahead) }));
  return draftGrid.flatMap((draftThreshold) => {
    const drafted = lines.map(({ weight, chain }) => {
      let drafts = 0;
      while ((chain[drafts + 1]?.claimed ?? 0) > draftThreshold) drafts++;
      return { weight, chain: chain.slice(0, drafts + 1) };
    });
    return hedgeGrid.flatMap((hedgeThreshold) => {
      const hedges = drafted.map(({ chain }) => hedgeOf(chain, ahead, hedgeThreshold));
      return lookaheadGrid.map((lookaheadThreshold) =>
        forecastWindow(
          outlook,
          blockLength,
          { lines: drafted, hedges },
          {
            draftThreshold,
            hedgeThreshold,
            lookaheadThreshold,
          },
        ),
      );
    });
  });
}

/** Looks with the chains of their drafts, and the hedges of each. */
interface Drafted {
  readonly lines: readonly { readonly weight: number; readonly chain: readonly ChainLink[] }[];
  readonly hedges: readonly { readonly masks: number; readonly covers: number }[];
}

function forecastWindow(
  { costs, firstMaskRows }: Outlook,
  blockLength: number,
  { lines, hedges }: Drafted,
  bounds: Omit<Bounds, "threshold">,
): Forecast {
  const ahead = blockLength - 1;
  const rowsOf = (drafts: number) => (1 + drafts) * (1 + firstMaskRows);
  let [total, goesOn, accepted, busy] = [0, 0, 0, 0];
  for (const [index, { weight, chain }] of lines.entries()) {
    const { masks = 0, covers = 0 } = hedges[index] ?? {};
    const drafts = chain.length - 1;
    const { claimed = 1, right = 1, kept = 0 } = chain[drafts] ?? {};
    const looksOn = claimed >= bounds.lookaheadThreshold;
    total += weight;
    accepted += weight * kept;
    goesOn += weight * ((looksOn ? right : 0) + covers);
    busy += weight * (costs[rowsOf(drafts) + (looksOn ? ahead : 0) + masks] ?? Infinity);
  }
  const drafting = 1 / (2 - goesOn / total);
  const pass = (drafting * busy) / total + (1 - drafting) * (costs[rowsOf(0) + ahead] ?? Infinity);
  const tokens = 1 + (drafting * accepted) / total;
  return {
    way: { strategy: "self_speculative", blockLength },
    bounds,
    tokens,
    rate: tokens / pass,
    wrong: 0,
  };
}

/** Masks for refusals (see planHedges), and the chance that there is one for the refusal that comes. */
function hedgeOf(chain: readonly ChainLink[], longest: number, hedgeThreshold: number) {
  let [masks, covers] = [0, 0];
  for (const [after, link] of chain.slice(0, -1).entries()) {
    const next = chain[after + 1] ?? link;
    const refused = link.claimed - next.claimed;
    let laid = 0;
    while (laid < longest && refused / 2 ** laid >= hedgeThreshold) laid++;
    masks += laid;
    if (laid > 0) covers += link.right - next.right;
  }
  return { masks, covers };
}

/** Of so many drafts: the chance that all are right, as the model sees it and as experience does, and how many stand. */
interface ChainLink {
  readonly claimed: number;
  readonly right: number;
  readonly kept: number;
}

/** By number of drafts. */
function chainOf({ confidence, chance }: Look, most: number): ChainLink[] {
  const chain = [{ claimed: 1, right: 1, kept: 0 }];
  let [claimed, right, kept] = [1, 1, 0];
  for (let draft = 1; draft <= most; draft++) {
    claimed *= confidence[draft] ?? 0;
    right *= chance[draft] ?? 0;
    kept += right;
    chain.push({ claimed, right, kept });
  }
  return chain;
}
