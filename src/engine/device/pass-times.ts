import type { ModelConfig } from "../../model/index.ts";
import type { PassTimes } from "./verdicts.ts";
import type { Graph } from "../graph/graph.ts";
import { Rows } from "../rows/rows.ts";

const rowCounts = [1, 4, 8, 16] as const;
const cachedTokens = 24;
const repeats = 3;

/** Milliseconds of a pass by its rows, all of them asked: the best of a few, after one that does not count. */
export async function passTimes(graph: Graph, { maskTokenId }: ModelConfig): Promise<PassTimes> {
  graph.truncate(0);
  await graph.run(rowsOf(maskTokenId, 0, cachedTokens), 1, false);
  graph.keep(cachedTokens);
  const times: PassTimes = [];
  for (const count of rowCounts) {
    const rows = rowsOf(maskTokenId, cachedTokens, count);
    let best = Infinity;
    for (let time = 0; time <= repeats; time++) {
      const started = performance.now();
      await graph.run(rows, 1, false);
      if (time > 0) best = Math.min(best, performance.now() - started);
    }
    times.push([count, best]);
  }
  graph.truncate(0);
  return times;
}

/** The time of a pass of `rows` rows, between those that were measured; beyond the last, as much more as rows. */
export function timeOf(times: PassTimes, rows: number): number {
  let [before, last] = [0, times[0]?.[1] ?? Infinity];
  for (const [count, milliseconds] of times) {
    if (rows <= count) {
      const share = count === before ? 1 : (rows - before) / (count - before);
      return last + share * (milliseconds - last);
    }
    [before, last] = [count, milliseconds];
  }
  return (last * rows) / Math.max(1, before);
}

function rowsOf(id: number, from: number, count: number): Rows {
  const rows = new Rows();
  for (let row = 0; row < count; row++) {
    rows.add(id, from + row);
    rows.ask(from + row);
  }
  rows.look(() => true);
  rows.settled = count;
  return rows;
}
