import type { Forecast } from "./forecast.ts";

/*
 * A block length that would be the best if what was not seen lately were as sure as one may hope is tried for one window
 * or block. Tries take an eightieth of the time; what they may cost is saved up, so that a long block is tried more
 * rarely than a short one, and one that could not pay never.
 */

/** What is clearly better, for leaving a way. */
export const clearlyBetter = 1.02;

/**
 * Of the ways that would be better than the one in use if all is as one may hope, the best whose try may be paid for: while
 * a long block is saved up for, a shorter one tells what to hope of it.
 * @param most milliseconds that the try may cost
 */
export function toTry(home: Forecast, known: readonly Forecast[], hoped: readonly Forecast[], most: number) {
  for (const hope of hoped.toSorted((a, b) => b.rate - a.rate)) {
    if (hope.rate < clearlyBetter * home.rate || hope.way.blockLength === home.way.blockLength)
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
