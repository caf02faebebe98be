import { mayGuessInOrder, type AutoLimits } from "./auto.ts";
import { costTable } from "./costs.ts";
import type { Forecast, Way } from "./forecast.ts";
import type { AutoState } from "./memory.ts";
import { rowsOfWindow } from "../decoding/speculation.ts";

/**
 * Where the text repeats itself, a window that checks what is looked up may be quicker than what is in use, whatever that is: forecasts
 * know nothing of it, for they go by what masks said. It holds for this window alone.
 * @param chances of the tokens that could be looked up, each if those before it are right
 */
export function withCopies(state: AutoState, limits: AutoLimits, chances: readonly number[]): AutoState {
  const { plan } = state;
  if (plan === undefined || chances.length === 0 || !mayGuessInOrder(limits)) return state;
  const window = copyingWindow(state, plan, limits, chances);
  return window === undefined ? state : { ...state, plan: window };
}

/** The best number of copies, if it beats the plan. */
function copyingWindow(
  state: AutoState,
  plan: Forecast,
  { blockLengths, sharesFirst, mostRows }: AutoLimits,
  chances: readonly number[],
): Forecast | undefined {
  const way: Way = {
    strategy: "self_speculative",
    blockLength: isWindow(plan) ? plan.way.blockLength : (blockLengths.find((length) => length > 1) ?? 1),
  };
  const rows = (drafts: number) => rowsOfWindow({ drafts, ahead: 0 }, sharesFirst);
  const costs = costTable(state.costs, rows(chances.length));
  let best: Forecast | undefined;
  let [chance, tokens] = [1, 1];
  for (const [index, next] of chances.entries()) {
    if (rows(index + 1) > mostRows) break;
    chance *= next;
    tokens += chance;
    const rate = tokens / (costs[rows(index + 1)] ?? Infinity);
    if (rate > (best?.rate ?? plan.rate))
      best = { way, bounds: boundsFor(plan, chance), tokens, rate, wrong: 0 };
  }
  return best;
}

const isWindow = ({ way }: Forecast) => way.strategy === "self_speculative";

/** So that the last of them is drafted too, in whole hundredths; what masks guess is drafted as before, or more of it. */
function boundsFor(plan: Forecast, chance: number): Forecast["bounds"] {
  const draftThreshold = Math.min(plan.bounds.draftThreshold ?? 1, Math.floor(99 * chance) / 100);
  return { ...(isWindow(plan) ? plan.bounds : {}), draftThreshold };
}
