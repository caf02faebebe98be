/**
 * What a pass costs by its rows, learnt from the passes themselves. A straight line through what was measured (the
 * weights are read once, every row adds its arithmetic), bent where measurements say so; before there are any, the line of a
 * small CPU. Times are disturbed upwards only (another program, a collection of garbage), so a slow pass counts less
 * than a fast one; and all that was measured drifts along when the present passes do, as they do while the cache grows.
 */
export interface PassCosts {
  readonly bins: readonly CostBin[];
}

/** Passes of about as many rows. */
interface CostBin {
  /** half octaves */
  readonly key: number;
  readonly rows: number;
  /** of the milliseconds */
  readonly log: number;
  readonly passes: number;
}

/** A row's share of the cost of a pass without rows: 8 rows take 1.4 times one row on two CPU cores. */
const priorSlope = 0.085;

/** What a surprising time may add at most, of the logarithm. */
const surprise = 0.3;

export const noCosts: PassCosts = { bins: [] };

export function learnCost({ bins }: PassCosts, rows: number, milliseconds: number): PassCosts {
  const log = Math.log(Math.max(milliseconds, 1e-3));
  const key = Math.round(2 * Math.log2(rows));
  const bin = bins.find((each) => each.key === key);
  if (bin === undefined) {
    const expected = bins.length === 0 ? log : Math.log(lineThrough(bins.map(measuredOf))(rows));
    return { bins: [...bins, { key, rows, log: Math.min(log, expected + surprise), passes: 1 }] };
  }
  const off = Math.min(log - bin.log, surprise);
  const rate = Math.max(2 / (bin.passes + 2), 0.1);
  const drift = bin.passes < 8 ? 0 : 0.3 * rate * off;
  return {
    bins: bins.map((each) =>
      each.key === key
        ? {
            key,
            rows: each.rows + rate * (rows - each.rows),
            log: each.log + rate * off,
            passes: each.passes + 1,
          }
        : { ...each, log: each.log + drift },
    ),
  };
}

/** Milliseconds of a pass of 0..`most` rows, by rows. In units of a pass without rows while nothing is measured. */
export function costTable({ bins }: PassCosts, most: number): Float64Array {
  const measured = bins.map(measuredOf);
  const line = lineThrough(measured);
  const bent = measured.map(({ rows, weight, ms }) => ({ rows, weight, off: Math.log(ms / line(rows)) }));
  return Float64Array.from({ length: most + 1 }, (_, index) => {
    const rows = Math.max(1, index);
    let weights = 1;
    let off = 0;
    for (const each of bent) {
      const near = Math.max(0, 1 - Math.abs(Math.log2(rows / each.rows)));
      weights += each.weight * near;
      off += each.weight * near * each.off;
    }
    return line(rows) * Math.exp(off / weights);
  });
}

interface Measured {
  readonly rows: number;
  readonly weight: number;
  readonly ms: number;
}

const measuredOf = ({ rows, log, passes }: CostBin): Measured => ({
  rows,
  weight: Math.min(passes, 8),
  ms: Math.exp(log),
});

/** Least squares of the relative errors, the prior slope counting as one measurement; no slope is below none. */
function lineThrough(measured: readonly Measured[]): (rows: number) => number {
  if (measured.length === 0) return (rows) => 1 + priorSlope * rows;
  let [weights, s0, s1, s2, t0, t1] = [0, 0, 0, 0, 0, 0];
  for (const { rows, weight, ms } of measured) {
    weights += weight;
    const share = weight / ms ** 2;
    s0 += share;
    s1 += share * rows;
    s2 += share * rows ** 2;
    t0 += share * ms;
    t1 += share * rows * ms;
  }
  // The prior: slope - priorSlope x base is nothing, give or take a tenth of the base; measurements err by a twentieth.
  const prior = (0.25 * s0) / weights;
  const [a, b, d] = [s0 + prior * priorSlope ** 2, s1 - prior * priorSlope, s2 + prior];
  const determinant = a * d - b * b;
  const slope = (a * t1 - b * t0) / determinant;
  if (slope <= 0) return () => t0 / s0;
  const base = Math.max(0, (d * t0 - b * t1) / determinant);
  const scale = base > 0 ? 1 : t1 / s2 / slope;
  return (rows) => scale * (base + slope * rows);
}
