import type { DecodingSettings, Engine, EngineEvent, Finished } from "../engine/index.ts";
import { median, spread, sum } from "./statistics.ts";

/** One way of decoding that a run compares. */
export interface Contender {
  readonly name: string;
  readonly settings: DecodingSettings;
}

/** What one generation gave and took. */
export interface DecodingRun {
  readonly ids: readonly number[];
  readonly reason: Finished["reason"];
  /** kept tokens: the reply's, the stop token included, nothing behind it */
  readonly tokens: number;
  /** every pass after the prefill, commits included */
  readonly passes: number;
  readonly drafts: DraftCounts;
  /** wall time of the passes after the prefill */
  readonly milliseconds: number;
  /** wall time from the request to the first finished block */
  readonly firstTextMilliseconds: number;
}

/** What became of the guesses that self_speculative checked. */
export interface DraftCounts {
  readonly checked: number;
  readonly accepted: number;
}

export interface DecodingFigures {
  readonly name: string;
  /** kept tokens a wall second, prefill left out: median over the rounds */
  readonly tokensPerSecond: number;
  /** (largest - smallest) / median of it over the rounds */
  readonly tokensPerSecondSpread: number;
  readonly tokensPerPass: number;
  readonly passesPerSecond: number;
  /** share of the checked drafts; not a number where none was checked */
  readonly acceptedDrafts: number;
  readonly firstTextMilliseconds: number;
  readonly runs: readonly DecodingRun[];
}

/** Decodes one prompt and measures it from the events and this process's clock. */
export async function decodeOnce(
  engine: Engine,
  promptIds: readonly number[],
  settings: DecodingSettings,
): Promise<DecodingRun> {
  const started = performance.now();
  let prefilled = started;
  let firstText = Number.NaN;
  let drafts: DraftCounts = { checked: 0, accepted: 0 };
  for await (const event of engine.generate({ promptIds, settings })) {
    const now = performance.now();
    if (event.type === "prefilled") prefilled = now;
    if (event.type === "block_finished" && Number.isNaN(firstText)) firstText = now - started;
    drafts = countDrafts(drafts, event);
    if (event.type !== "finished") continue;
    const { ids, reason, passes } = event;
    return {
      ids,
      reason,
      tokens: ids.length,
      passes: passes.denoise + passes.commit,
      drafts,
      milliseconds: now - prefilled,
      firstTextMilliseconds: Number.isNaN(firstText) ? now - started : firstText,
    };
  }
  throw new Error("a generation ended without a finished event");
}

/** A window's pass places the drafts that stand and one token more. */
function countDrafts({ checked, accepted }: DraftCounts, event: EngineEvent): DraftCounts {
  if (event.type === "block_opened") return { checked: checked + (event.drafts?.length ?? 0), accepted };
  if (event.type !== "denoised" || event.settings.strategy !== "self_speculative")
    return { checked, accepted };
  const placed = event.slots.filter(({ unmasked }) => unmasked).length;
  return { checked, accepted: accepted + placed - 1 };
}

/**
 * Decodes every prompt with every contender, in turn, `rounds` times after one round that warms up: the machine's
 * speed drifts, so only what ran side by side may be compared.
 */
export async function compareDecoding(
  engine: Engine,
  prompts: readonly (readonly number[])[],
  contenders: readonly Contender[],
  rounds: number,
  progress: (done: number, of: number) => void = () => {},
): Promise<DecodingFigures[]> {
  const runs = contenders.map((): DecodingRun[][] => []);
  const of = (rounds + 1) * contenders.length;
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const taken: DecodingRun[] = [];
      for (const prompt of prompts) taken.push(await decodeOnce(engine, prompt, contender.settings));
      if (round > 0) runs[index]?.push(taken);
      progress(round * contenders.length + index + 1, of);
    }
  }
  return contenders.map(({ name }, index) => figuresOf(name, runs[index] ?? []));
}

function figuresOf(name: string, rounds: readonly DecodingRun[][]): DecodingFigures {
  const rates = rounds.map(
    (runs) => (1000 * sum(runs.map((run) => run.tokens))) / sum(runs.map((run) => run.milliseconds)),
  );
  const all = rounds.flat();
  const passes = sum(all.map((run) => run.passes));
  return {
    name,
    tokensPerSecond: median(rates),
    tokensPerSecondSpread: spread(rates),
    tokensPerPass: sum(all.map((run) => run.tokens)) / passes,
    acceptedDrafts: sum(all.map((run) => run.drafts.accepted)) / sum(all.map((run) => run.drafts.checked)),
    passesPerSecond: (1000 * passes) / sum(all.map((run) => run.milliseconds)),
    firstTextMilliseconds: median(all.map((run) => run.firstTextMilliseconds)),
    runs: rounds.at(-1) ?? [],
  };
}
