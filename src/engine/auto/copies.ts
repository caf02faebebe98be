import { mayGuessInOrder, type AutoLimits } from "./ways.ts";
import { costTable } from "./costs.ts";
import type { Forecast, Way } from "./forecast.ts";
import type { AutoState } from "./memory.ts";
import { hedgedMasks, mostHedgeMasks, planWindow, rowsOfWindow } from "../decoding/speculation.ts";
import type { DecodingSettings } from "../settings.ts";

/**
 * Where the text repeats itself, a window that checks what is looked up may be quicker than what is in use, whatever that is: forecasts
 * know nothing of it, for they go by what masks said. It holds for this window alone; where it does not pay nothing is looked up.
 * A try is left as it is.
 * @param wanted as the user has them: promptLookup is the most that may be looked up
 * @param chances of the tokens that could be, each if those before it are right
 */
export function withCopies(
  state: AutoState,
  limits: AutoLimits,
  wanted: DecodingSettings,
  chances: (most: number) => readonly number[],
): AutoState {
  const { plan, home } = state;
  if (plan === undefined) return state;
  const mayCopy = plan === home && wanted.promptLookup > 0 && mayGuessInOrder(limits);
  const window = mayCopy
    ? copyingWindow(state, plan, limits, wanted, chances(wanted.promptLookup))
    : undefined;
  return { ...state, plan: window ?? { ...plan, bounds: { ...plan.bounds, promptLookup: 0 } } };
}

/** The best number of copies, if it beats the plan. (Until a plan was made of measured times, its rate is none by the clock and not beaten.) */
function copyingWindow(
  state: AutoState,
  plan: Forecast,
  { blockLengths, sharesFirst, mostRows }: AutoLimits,
  wanted: DecodingSettings,
  chances: readonly number[],
): Forecast | undefined {
  if (chances.length === 0) return undefined;
  const isWindow = plan.way.strategy === "self_speculative";
  const blockLength = isWindow ? plan.way.blockLength : (blockLengths.find((length) => length > 1) ?? 1);
  const way: Way = { strategy: "self_speculative", blockLength };
  const inForce = { ...wanted, ...plan.bounds, blockLength };
  const costs = costTable(state.costs, 2 * (chances.length + 1) + blockLength + mostHedgeMasks);
  const drafts = chances.map((probability) => ({ token: 0, probability }));
  let best: Forecast | undefined;
  let [chance, tokens] = [1, 1];
  for (const [index, next] of chances.entries()) {
    const window = planWindow(0, drafts.slice(0, index + 1), Infinity, inForce, { mostRows, sharesFirst });
    if (window.drafts.length <= index) break;
    chance *= next;
    tokens += chance;
    const rows = rowsOfWindow({ drafts: index + 1, ahead: window.ahead }, sharesFirst) + hedgedMasks(window);
    const rate = tokens / (costs[rows] ?? Infinity);
    if (rate <= (best?.rate ?? plan.rate)) continue;
    // What masks guess is drafted as before, or more of it; in whole hundredths, for it is shown.
    const draftThreshold = Math.min(inForce.draftThreshold, Math.floor(99 * chance) / 100);
    const bounds = { ...(isWindow ? plan.bounds : {}), draftThreshold, promptLookup: index + 1 };
    best = { way, bounds, tokens, rate, wrong: 0 };
  }
  return best;
}
