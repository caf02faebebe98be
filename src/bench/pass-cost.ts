import { Rows, type Graph } from "../engine/index.ts";
import type { ModelConfig } from "../model/index.ts";
import { median } from "./statistics.ts";

export interface PassCost {
  /** rows of the pass, every one of them a mask whose logits are asked */
  readonly rows: number;
  /** median over the rounds */
  readonly milliseconds: number;
  /** the fastest round: what the machine can do when nothing disturbs it */
  readonly best: number;
}

export interface PassCostOptions {
  readonly rows: readonly number[];
  /** tokens in the cache that every row attends to */
  readonly cached: number;
  readonly rounds: number;
}

/**
 * Times single passes by their number of rows, the counts in turn, on top of a cache of arbitrary tokens. Empties the
 * cache. A pass costs the same whatever its tokens are; how many tokens it brings does not, and is not measured here.
 */
export async function passCosts(
  graph: Graph,
  config: ModelConfig,
  { rows: counts, cached, rounds }: PassCostOptions,
): Promise<PassCost[]> {
  await fillCache(graph, config, cached);
  const times = counts.map((): number[] => []);
  for (let round = -2; round < rounds; round++) {
    for (const [index, count] of counts.entries()) {
      const pass = maskedRows(config, cached, count);
      const started = performance.now();
      await graph.run(pass, 1, false);
      if (round >= 0) times[index]?.push(performance.now() - started);
    }
  }
  graph.truncate(0);
  return counts.map((rows, index) => {
    const measured = times[index] ?? [];
    return { rows, milliseconds: median(measured), best: Math.min(...measured) };
  });
}

async function fillCache(graph: Graph, config: ModelConfig, tokens: number): Promise<void> {
  graph.truncate(0);
  const rows = new Rows();
  for (let start = 0; start < tokens; start += rows.length) {
    rows.clear();
    const end = Math.min(start + 64, tokens);
    for (let position = start; position < end; position++) rows.add(tokenAt(config, position), position);
    rows.settled = rows.length;
    rows.look((row, other) => other < row);
    await graph.run(rows, 1, false);
    graph.keep(rows.length);
  }
}

function maskedRows(config: ModelConfig, from: number, count: number): Rows {
  const rows = new Rows();
  for (let position = from; position < from + count; position++) {
    rows.add(config.maskTokenId, position);
    rows.ask(position);
  }
  rows.look(() => true);
  return rows;
}

/** Any token but a special one will do; different ones, so that no cache line is served twice. */
function tokenAt({ architecture }: ModelConfig, position: number): number {
  return (position * 7919 + 1000) % architecture.vocabSize;
}
