import type { Graph } from "./graph.ts";
import { Rows, seen } from "../rows/rows.ts";

interface KeptRow {
  readonly id: number;
  readonly position: number;
  readonly carry: boolean;
  /** the cache's length before the pass that computed it: all of that is seen */
  readonly from: number;
  /** of the rows kept from that pass, those that are seen */
  readonly sees: readonly boolean[];
}

/** Rows of a pass that rebuilds a cache, at least; a block is never cut. */
const rowsAtATime = 64;

/** What a cache was made of, so that another device can make it again. */
export class KeptRows {
  #rows: KeptRow[] = [];

  /** Notes that the first `count` rows of a pass joined the cache. */
  add(rows: Rows, count: number): void {
    const from = this.#rows.length;
    for (let row = 0; row < count; row++) {
      this.#rows.push({
        id: Number(rows.ids[row]),
        position: Number(rows.positions[row]),
        carry: rows.carry[row] === 1,
        from,
        sees: Array.from(
          rows.mask.subarray(row * rows.length, row * rows.length + count),
          (term) => term === seen,
        ),
      });
    }
  }

  truncate(length: number): void {
    this.#rows.length = Math.min(this.#rows.length, length);
  }

  /** Computes all of them again, on an empty cache. @throws UserError engine */
  async rebuild(graph: Graph): Promise<void> {
    graph.truncate(0);
    while (graph.cached < this.#rows.length) {
      const chunk = this.#chunk(graph.cached);
      await graph.run(chunk, 1, false);
      graph.keep(chunk.length);
    }
  }

  #chunk(start: number): Rows {
    const rows = new Rows();
    for (let at = start; at < this.#rows.length; at++) {
      const row = this.#rows[at];
      if (row === undefined || (row.from === at && rows.length >= rowsAtATime)) break;
      rows.add(row.id, row.position, row.carry);
    }
    rows.settled = rows.length;
    rows.look((one, other) => {
      const row = this.#rows[start + one];
      const at = start + other - (row?.from ?? 0);
      return at < 0 || row?.sees[at] === true;
    });
    return rows;
  }
}
