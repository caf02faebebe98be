import { costTable } from "./costs.ts";
import {
  forecastBlocks,
  forecastSingle,
  type Bounds,
  type Forecast,
  type Look,
  type Outlook,
  type Way,
} from "./forecast.ts";
import { forecastWindows } from "./forecast-windows.ts";
import { mostHedgeMasks } from "../decoding/speculation.ts";
import { looksAt, nameOf, type AutoState } from "./memory.ts";
import type { DecodingSettings, Doubt } from "../settings.ts";

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
 * Trying. Far masks are only known from a pass that has them. A block length that would be the best if what was not
 * seen lately were as sure as one may hope is tried for one window or block. Tries take an eightieth of the time; what they may
 * cost is saved up, so that a long block is tried more rarely than a short one, and one that could not pay never.
 * What is in use is left only for what is clearly better.
 */

/** Expected shares of tokens other than those of one token at a time. */
const shares: Record<Exclude<Doubt, "off">, number> = { exact: 0, careful: 0.01, balanced: 0.03, fast: 0.1 };

/** What the dial may use. */
export interface AutoLimits {
  readonly doubt: Exclude<Doubt, "off">;
  /** ascending; without 1, one token at a time is no way that the model knows */
  readonly blockLengths: readonly number[];
  /** see Form */
  readonly commits: boolean;
  readonly sharesFirst: boolean;
  /** of a pass */
  readonly mostRows: number;
}

/** What is clearly better, for leaving a way or a threshold. */
const clearly = { way: 1.02, bounds: 1.01 };
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
  const plan = stay !== undefined && fastest.rate < clearly.way * stay.rate ? stay : fastest;
  const tried = toTry(plan, known, best(looksAt(now, most, "hoped")), credit * single);
  if (tried === undefined) return { ...now, plan, home: plan };
  return { ...now, plan: tried.plan, home: plan, credit: credit - tried.loss / single };
}

/**
 * Of the ways that would be better than the one in use if all is as one may hope, the best whose try may be paid for: while
 * a long block is saved up for, a shorter one tells what to hope of it.
 * @param most milliseconds that the try may cost
 */
function toTry(home: Forecast, known: readonly Forecast[], hoped: readonly Forecast[], most: number) {
  for (const hope of hoped.toSorted((a, b) => b.rate - a.rate)) {
    if (hope.rate < clearly.way * home.rate || hope.way.blockLength === home.way.blockLength)
      return undefined;
    const plan = known.find(({ way }) => way.blockLength === hope.way.blockLength);
    const loss = plan === undefined ? Infinity : lossOf(plan, home);
    if (plan !== undefined && loss <= most) return { plan, loss };
  }
  return undefined;
}

/**
 * Milliseconds that a try loses. A window is paid for with the next one, which checks its guesses; a block is decoded to its
 * end. Half of what is forecast beyond a token a pass is not counted on.
 */
function lossOf(tried: Forecast, home: Forecast): number {
  const isWindow = tried.way.strategy === "self_speculative";
  const tokens = isWindow ? 1 + tried.tokens : tried.way.blockLength;
  const passes = isWindow ? 2 : (2 * tokens) / (1 + tried.tokens);
  return Math.max(0, (passes * tried.tokens) / tried.rate - tokens / home.rate);
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

/** Whether the text of one token at a time may be asked for: by exact always, for that is what it means. */
export function mayGuessInOrder({ doubt, blockLengths }: AutoLimits): boolean {
  return doubt === "exact" || blockLengths.includes(1);
}

function waysOf(limits: AutoLimits): Way[] {
  const { doubt, blockLengths } = limits;
  const lengths = blockLengths.filter((length) => length > 1);
  const inOrder = mayGuessInOrder(limits);
  const windows = inOrder ? [1, ...lengths] : [];
  return [
    ...windows.map((blockLength): Way => ({ strategy: "self_speculative", blockLength })),
    ...(inOrder ? [] : lengths.slice(0, 1)).map((blockLength): Way => ({
      strategy: "sequential",
      blockLength,
    })),
    ...(doubt === "exact" ? [] : lengths).map((blockLength): Way => ({
      strategy: "low_confidence_dynamic",
      blockLength,
    })),
  ];
}

function forecast(outlook: Outlook, way: Way): Forecast[] {
  if (way.strategy === "low_confidence_dynamic") return forecastBlocks(outlook, way.blockLength);
  if (way.strategy === "sequential") return [forecastSingle(outlook, way, way.blockLength)];
  return way.blockLength === 1
    ? [forecastSingle(outlook, way, 1 + outlook.firstMaskRows)]
    : forecastWindows(outlook, way.blockLength);
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
  const chosen = same !== undefined && best.rate < clearly.bounds * same.rate ? same : best;
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
