import type { AutoLimits } from "../../../src/engine/auto/ways.ts";
import type { DecodingSettings } from "../../../src/engine/settings.ts";
import { controlled, fixed, Play, type Place, type Policy } from "./play.ts";
import type { World } from "./worlds.ts";

const lengths = [2, 4, 8, 16];

const windows = [0.1, 0.2, 0.4, 0.6].flatMap((draftThreshold) =>
  [0, 0.5].flatMap((lookaheadThreshold) =>
    [2, 0.1].flatMap((hedgeThreshold) =>
      lengths.map((blockLength): Partial<DecodingSettings> => ({
        strategy: "self_speculative",
        blockLength,
        draftThreshold,
        lookaheadThreshold,
        hedgeThreshold,
      })),
    ),
  ),
);

const blocks = [0.5, 0.7, 0.9, 0.97].flatMap((threshold) =>
  lengths.map((blockLength): Partial<DecodingSettings> => ({
    strategy: "low_confidence_dynamic",
    blockLength,
    threshold,
  })),
);

const single: Partial<DecodingSettings> = { strategy: "self_speculative", blockLength: 1 };

/** Blocks or windows in which the controller may learn. */
const learning = 12;
const tokens = 500;

export interface Outcome {
  /** tokens a millisecond behind the first blocks, mean over the worlds */
  readonly rate: number;
  /** share of all tokens */
  readonly wrong: number;
  /** changes of strategy or block length, a hundred blocks */
  readonly changes: number;
}

export function outcome(
  place: Omit<Place, "world">,
  worlds: readonly World[],
  policy: () => Policy,
): Outcome {
  const plays = worlds.map((world) => new Play({ ...place, world }, policy(), tokens));
  const total = plays.reduce((sum, play) => sum + play.tokens, 0);
  const ways = plays.map(({ stretches }) => stretches.slice(learning).map(({ way }) => way));
  const changes = ways.map(
    (each) => each.filter((way, index) => index > 0 && way !== each[index - 1]).length,
  );
  return {
    rate: plays.reduce((sum, play) => sum + play.rateFrom(learning), 0) / plays.length,
    wrong: plays.reduce((sum, play) => sum + play.wrong, 0) / total,
    changes: (100 * changes.reduce((a, b) => a + b, 0)) / ways.flat().length,
  };
}

export function outcomeOf(place: Omit<Place, "world">, worlds: readonly World[], doubt: AutoLimits["doubt"]) {
  const { commits } = place;
  const limits = { doubt, blockLengths: [1, ...lengths], commits, sharesFirst: !commits, mostRows: Infinity };
  return outcome(place, worlds, () => controlled(limits));
}

/** Of every fixed setting that is not more often wrong than `wrong`, the fastest. */
export function bestFixed(
  place: Omit<Place, "world">,
  worlds: readonly World[],
  doubt: AutoLimits["doubt"],
  wrong: number,
): Outcome {
  const candidates = doubt === "exact" ? [single, ...windows] : [single, ...windows, ...blocks];
  const outcomes = candidates.map((settings) => outcome(place, worlds, () => fixed(settings)));
  return outcomes.filter((each) => each.wrong <= wrong).reduce((a, b) => (b.rate > a.rate ? b : a));
}
