import type { Turn } from "./compare.ts";
import type { Contender } from "./contenders.ts";
import type { DecodingRun, TimedPasses } from "./decode-once.ts";
import { median, spread, sum } from "./statistics.ts";

/** What a contender gave, the first one being what all are compared with. */
export interface DecodingFigures {
  readonly name: string;
  readonly curve: string;
  readonly blockLength: number;
  /**
   * kept tokens a wall second, the prefill left out and the first pass, which has the rest of the prompt in it: median
   * over the rounds
   */
  readonly tokensPerSecond: number;
  /** (largest - smallest) / median of it over the rounds */
  readonly tokensPerSecondSpread: number;
  /** to the first contender in the same round: median over the rounds */
  readonly ratio: number;
  /** (largest - smallest) / median of that */
  readonly ratioSpread: number;
  /** a count and no time: over all passes after the prefill, the first one too */
  readonly tokensPerPass: number;
  /** the first pass left out */
  readonly passesPerSecond: number;
  /** inside the engine, the first pass left out: median over the rounds */
  readonly millisecondsPerPass: number;
  /** share of the checked drafts; not a number where none was checked */
  readonly acceptedDrafts: number;
  readonly firstTextMilliseconds: number;
}

export function decodingFigures(contenders: readonly Contender[], turns: readonly Turn[]): DecodingFigures[] {
  const rounds = [...Map.groupBy(turns, ({ round }) => round).values()];
  const rates = contenders.map((_, index) => rounds.map((round) => rateOf(runsOf(round, index))));
  return contenders.map(({ name, curve, blockLength }, index) => {
    const own = rates[index] ?? [];
    const ratios = own.map((rate, round) => rate / (rates[0]?.[round] ?? Number.NaN));
    const runs = runsOf(turns, index);
    return {
      name,
      curve,
      blockLength,
      tokensPerSecond: median(own),
      tokensPerSecondSpread: spread(own),
      ratio: median(ratios),
      ratioSpread: spread(ratios),
      tokensPerPass: sum(runs.map((run) => run.tokens)) / sum(runs.map((run) => run.passes)),
      passesPerSecond: (1000 * timedSum(runs, "passes")) / timedSum(runs, "milliseconds"),
      millisecondsPerPass: median(rounds.map((round) => passTime(runsOf(round, index)))),
      acceptedDrafts: acceptance(runs),
      firstTextMilliseconds: median(runs.map((run) => run.firstTextMilliseconds)),
    };
  });
}

export interface KindFigures {
  readonly name: string;
  /** kind of prompt -> figures of the prompts of that kind alone */
  readonly kinds: Readonly<Record<string, DecodingFigures>>;
}

/** The same for each kind of prompt. @param kinds of the prompts, in their order */
export function figuresByKind(
  contenders: readonly Contender[],
  turns: readonly Turn[],
  kinds: readonly string[],
): KindFigures[] {
  const byKind = [...Map.groupBy(turns, ({ prompt }) => kinds[prompt] ?? "")].map(
    ([kind, its]) => [kind, decodingFigures(contenders, its)] as const,
  );
  return contenders.map(({ name }, index) => ({
    name,
    kinds: Object.fromEntries(
      byKind.flatMap(([kind, figures]) => (figures[index] ? [[kind, figures[index]]] : [])),
    ),
  }));
}

/** What the contender decoded of each prompt the last time: prompt index -> ids. */
export function lastTexts(turns: readonly Turn[], contender: number): Map<number, readonly number[]> {
  return new Map(turns.map(({ prompt, runs }) => [prompt, runs[contender]?.ids ?? []]));
}

function runsOf(turns: readonly Turn[], contender: number): DecodingRun[] {
  return turns.flatMap(({ runs }) => runs[contender] ?? []);
}

function rateOf(runs: readonly DecodingRun[]): number {
  return (1000 * timedSum(runs, "tokens")) / timedSum(runs, "milliseconds");
}

function passTime(runs: readonly DecodingRun[]): number {
  return timedSum(runs, "passMilliseconds") / timedSum(runs, "passes");
}

function timedSum(runs: readonly DecodingRun[], what: keyof TimedPasses): number {
  return sum(runs.map(({ timed }) => timed[what]));
}

function acceptance(runs: readonly DecodingRun[]): number {
  return sum(runs.map((run) => run.drafts.accepted)) / sum(runs.map((run) => run.drafts.checked));
}
