/** Tokens count when they are kept, never behind a stop token; times are the engine's. */
export interface AnswerRates {
  /** kept tokens of the reply, the stop token included */
  readonly tokens: number;
  /** passes after the prefill, commits included */
  readonly passes: number;
  /** since the generation began, prefill included */
  readonly elapsedMs: number;
  /** tokens / elapsed; 0 before the first pass, like the two below */
  readonly tokensPerSecond: number;
  readonly tokensPerPass: number;
  readonly passesPerSecond: number;
  /** from the beginning to the first text that could be shown */
  readonly timeToFirstTextMs?: number;
}

type Counts = Pick<AnswerRates, "tokens" | "passes" | "elapsedMs"> & {
  readonly timeToFirstTextMs?: number | undefined;
};

export function ratesOf({ tokens, passes, elapsedMs, timeToFirstTextMs }: Counts): AnswerRates {
  return {
    tokens,
    passes,
    elapsedMs,
    tokensPerSecond: ratio(tokens * 1000, elapsedMs),
    tokensPerPass: ratio(tokens, passes),
    passesPerSecond: ratio(passes * 1000, elapsedMs),
    ...(timeToFirstTextMs !== undefined && { timeToFirstTextMs }),
  };
}

export const noRates = ratesOf({ tokens: 0, passes: 0, elapsedMs: 0 });

function ratio(count: number, of: number): number {
  return of > 0 ? count / of : 0;
}

/** Three figures at most: 0.93, 4.81, 41.2, 312. */
export function rateText(rate: number): string {
  if (rate >= 99.95) return rate.toFixed(0);
  return rate >= 9.995 ? rate.toFixed(1) : rate.toFixed(2);
}
