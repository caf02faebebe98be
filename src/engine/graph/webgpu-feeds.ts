import { seen, unseen, type Rows } from "../rows/rows.ts";

/** What of a model the feeds of its graph for WebGPU need. */
export interface DeviceShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly ropeTheta: number;
}

/** The part of a pass that depends on its rows: see docs/architecture.md for each. */
export interface DeviceFeeds {
  readonly ids: Int32Array;
  /** [rows, headDim / 2] */
  readonly cos: Float32Array;
  readonly sin: Float32Array;
  /** [rows, keys] */
  readonly mask: Float32Array;
  /** cached tokens that are named to the graph: those there are, the rows, and one less than the rows that nobody sees */
  readonly keys: number;
  /** [rows * kvHeads] */
  readonly places: Int32Array;
  readonly asked: Int32Array;
}

/** Lays out a pass over `cached` tokens in buffers with room for `capacity`; at least cached + 2 * rows - 1. */
export function deviceFeeds(rows: Rows, shape: DeviceShape, cached: number, capacity: number): DeviceFeeds {
  const { length } = rows;
  // A graph can't do without logits: a pass that needs none asks for those of its last row.
  const asked = rows.slots.length > 0 ? Int32Array.from(rows.asked, Number) : Int32Array.of(length - 1);
  return {
    ids: Int32Array.from(rows.ids, Number),
    ...angles(rows.positions, shape),
    mask: maskOf(rows, cached),
    keys: keysOf(length, cached),
    places: placesOf(length, shape.kvHeads, cached, capacity),
    asked,
  };
}

/** Tokens that a buffer must hold for a pass of so many rows. */
export function keysOf(rows: number, cached: number): number {
  return cached + 2 * rows - 1;
}

/** Every row sees the whole cache, of the rows those that the pass says, and nothing behind them. */
function maskOf({ length, mask }: Rows, cached: number): Float32Array {
  const width = keysOf(length, cached);
  const whole = new Float32Array(length * width).fill(unseen);
  for (let row = 0; row < length; row++) {
    const start = row * width;
    whole.fill(seen, start, start + cached);
    whole.set(mask.subarray(row * length, (row + 1) * length), start + cached);
  }
  return whole;
}

/** Rows of the cache as a matrix [kvHeads * capacity, headDim] that the rows of the pass write. */
function placesOf(rows: number, kvHeads: number, cached: number, capacity: number): Int32Array {
  return Int32Array.from({ length: rows * kvHeads }, (_, at) => {
    const row = Math.floor(at / kvHeads);
    return (at % kvHeads) * capacity + cached + row;
  });
}

/** Cosines and sines as the graph for the CPU computes them, in 32 bits but for the functions themselves. */
function angles(positions: BigInt64Array, { headDim, ropeTheta }: DeviceShape) {
  const half = headDim / 2;
  const [cos, sin] = [new Float32Array(positions.length * half), new Float32Array(positions.length * half)];
  for (let pair = 0; pair < half; pair++) {
    const frequency = Math.fround(1 / Math.fround(ropeTheta ** Math.fround(pair / half)));
    for (const [row, position] of positions.entries()) {
      const angle = Math.fround(Number(position) * frequency);
      cos[row * half + pair] = Math.cos(angle);
      sin[row * half + pair] = Math.sin(angle);
    }
  }
  return { cos, sin };
}
