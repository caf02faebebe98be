import { costTable } from "./costs.ts";
import { mostHedgeMasks } from "../decoding/speculation.ts";
import type { DecodingSettings, Doubt } from "../settings.ts";
import type { Bounds, Forecast, Look } from "./forecast.ts";
import { looksAt, nameOf, type AutoState } from "./memory.ts";
import { clearlyBetter, toTry } from "./tries.ts";
import { forecast, mayGuessInOrder, waysOf, type AutoLimits } from "./ways.ts";

/*
 * The dial's controller: pure, no clock, no chance. It hears the engine's events (`learn`, memory.ts) and says how
 * the next block or window is to be decoded (`choose`).
 *
 * Rate. Every pass says how sure the model is of each of its masks, so a pass decoded one way serves to forecast every
 * way and every threshold (forecast.ts). Tokens a pass divided by what a pass of so many rows costs here
 * (costs.ts) is the rate; the highest wins. What a way really brought corrects its forecasts.
 *
 * Doubt. A token with no mask to its left is the one that decoding in order chooses. Any other may be wrong, with the
 * chance that its confidence leaves; where guesses were checked, experience corrects that chance. Thresholds whose
 * expected share of wrong tokens exceeds the dial's are out of the question, the more so the nearer the tokens placed
 * lately came to it.
 *
 * Trying. Far masks are only known from a pass that has them: see tries.ts. What is in use is left only for what is
 * clearly better.
 */

/** Expected shares of tokens other than those of one token at a time. */
const shares: Record<Exclude<Doubt, "off">, number> = { exact: 0, careful: 0.01, balanced: 0.03, fast: 0.1 };

/** What is clearly better, for leaving a threshold. */
const clearlyBetterBounds = 1.01;
/** What unchecked blocks must be to what loses nothing, where that can be had: tokens that may be wrong are not given for a few per cent. */
const worthDoubt: Record<Exclude<Doubt, "off">, number> = { exact: 1, careful: 1.1, balanced: 1.1, fast: 1 };
/** Passes for which a choice holds at least, at first and later; a try is one block or window. */
const patience = { early: 4, later: 8 };
const earlyPasses = 64;
/** Of the time, what trying may take. */
const triesShare = 0.0125;

/** Chooses for the block or window that comes: see `settingsOf`. */
export function choose(state: AutoState, limits: AutoLimits): AutoState {
  const { home, chosen, passes } = state;
  const holds = passes < earlyPasses ? patience.early : patience.later;
  if (home !== undefined && chosen.doubt === limits.doubt && passes < chosen.at + holds)
    return { ...state, plan: home };
  const most = limits.blockLengths.at(-1) ?? 1;
  const costs = costTable(state.costs, 3 * most + 4 + mostHedgeMasks);
  const firstMaskRows = limits.sharesFirst ? 0 : 1;
  const single = costs[1 + firstMaskRows] ?? 1;
  const credit = Math.min(state.credit + (triesShare * state.elapsed) / single, 20);
  const now = { ...state, elapsed: 0, credit, chosen: { at: passes, doubt: limits.doubt } };
  const { commits, mostRows } = limits;
  const outlook = { costs, commits, firstMaskRows, mostRows } as const;
  const allowed = allowedShare(now, limits);
  const ways = waysOf(limits);
  const best = (looks: readonly Look[]) =>
    ways
      .flatMap((way) => bestBounds(forecast({ ...outlook, looks }, way), allowed, now))
      .map((each) => discounted(each, limits));
  const known = best(looksAt(now, most, "guessed"));
  const fastest = fastestOf(known);
  const stay = known.find(({ way }) => home !== undefined && nameOf(way) === nameOf(home.way));
  const plan = stay !== undefined && fastest.rate < clearlyBetter * stay.rate ? stay : fastest;
  const tried = toTry(plan, known, best(looksAt(now, most, "hoped")), credit * single);
  if (tried === undefined) return { ...now, plan, home: plan };
  return { ...now, plan: tried.plan, home: plan, credit: credit - tried.loss / single };
}

/** What counts of a promise: see worthDoubt. */
function discounted(promised: Forecast, limits: AutoLimits): Forecast {
  if (promised.way.strategy !== "low_confidence_dynamic" || !mayGuessInOrder(limits)) return promised;
  return { ...promised, rate: promised.rate / worthDoubt[limits.doubt] };
}

function fastestOf(forecasts: readonly Forecast[]): Forecast {
  return forecasts.reduce((a, b) => (b.rate > a.rate ? b : a));
}

/** What the plan sets; on top of all other settings. */
export function settingsOf({ plan }: AutoState): Partial<DecodingSettings> {
  if (plan === undefined) return {};
  return { ...plan.way, denoisingSteps: "block_length", ...plan.bounds };
}

/** The dial's share; less, down to nothing, as the tokens placed lately come near it. */
function allowedShare({ placed }: AutoState, { doubt }: AutoLimits): number {
  const share = shares[doubt];
  return Math.min(share, Math.max(0, 6 * (share - placed.wrong / Math.max(placed.tokens, 50))));
}

/** The fastest of the allowed; none if all are too doubtful. Those in use are kept where they are as good. */
function bestBounds(all: readonly Forecast[], allowed: number, { home, yields }: AutoState): Forecast[] {
  const within = all.filter(({ wrong }) => wrong <= allowed);
  const [first] = within;
  if (first === undefined) return [];
  const best = within.reduce((a, b) => (b.rate > a.rate ? b : a), first);
  const same = within.find(
    ({ way, bounds }) =>
      home !== undefined && nameOf(way) === nameOf(home.way) && sameBounds(bounds, home.bounds),
  );
  const chosen = same !== undefined && best.rate < clearlyBetterBounds * same.rate ? same : best;
  const { tokens, forecast: expected } = yields[nameOf(chosen.way)] ?? { tokens: 0, forecast: 0 };
  return [{ ...chosen, rate: (chosen.rate * (100 + tokens)) / (100 + expected) }];
}

function sameBounds(a: Partial<Bounds>, b: Partial<Bounds>): boolean {
  return (
    a.threshold === b.threshold &&
    a.draftThreshold === b.draftThreshold &&
    a.lookaheadThreshold === b.lookaheadThreshold &&
    a.hedgeThreshold === b.hedgeThreshold
  );
}
