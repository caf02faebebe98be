import { Rows, type Graph } from "../engine/index.ts";
import type { ModelConfig } from "../model/index.ts";
import { median } from "./statistics.ts";

/** A pass in numbers. */
export interface PassShape {
  readonly rows: number;
  /** of the rows, from the end: masks whose logits are asked. Default: all */
  readonly asked?: number;
}

export interface PassCost {
  readonly rows: number;
  /** tokens in the cache that every row attends to */
  readonly cached: number;
  /** median over the rounds */
  readonly milliseconds: number;
  /** the fastest round: what ONNX Runtime can do with this graph when nothing disturbs it */
  readonly best: number;
}

export interface PassCostOptions {
  readonly shapes: readonly PassShape[];
  readonly cached: number;
  readonly rounds: number;
  readonly signal?: AbortSignal;
}

/**
 * Times single passes by their shape, the shapes in turn, on top of a cache of arbitrary tokens. The cache keeps what
 * it holds and is filled up: measure ascending lengths, and empty it before and after. A pass costs the same whatever its
 * tokens are; how many tokens it brings does not, and is not measured here.
 * @returns nothing if the signal came before the end
 */
export async function passCosts(
  graph: Graph,
  config: ModelConfig,
  { shapes, cached, rounds, signal }: PassCostOptions,
): Promise<PassCost[]> {
  await fillCache(graph, config, cached);
  const passes = shapes.map((shape) => layOut(config, cached, shape));
  const times = shapes.map((): number[] => []);
  for (let round = -2; round < rounds; round++) {
    for (const [index, pass] of passes.entries()) {
      if (signal?.aborted) return [];
      const started = performance.now();
      await graph.run(pass, 1, false);
      if (round >= 0) times[index]?.push(performance.now() - started);
    }
  }
  return shapes.map(({ rows }, index) => {
    const measured = times[index] ?? [];
    return { rows, cached, milliseconds: median(measured), best: Math.min(...measured) };
  });
}

/** Fills the cache up to `tokens` with arbitrary ones. */
export async function fillCache(graph: Graph, config: ModelConfig, tokens: number): Promise<void> {
  const rows = new Rows();
  for (let start = graph.cached; start < tokens; start += rows.length) {
    rows.clear();
    const end = Math.min(start + 64, tokens);
    for (let position = start; position < end; position++) rows.add(tokenAt(config, position), position);
    rows.settled = rows.length;
    rows.look((row, other) => other < row);
    await graph.run(rows, 1, false);
    graph.keep(rows.length);
  }
}

function layOut(config: ModelConfig, from: number, { rows: count, asked = count }: PassShape): Rows {
  const rows = new Rows();
  for (let position = from; position < from + count; position++) {
    const isMask = position >= from + count - asked;
    rows.add(isMask ? config.maskTokenId : tokenAt(config, position), position);
    if (isMask) rows.ask(position);
  }
  rows.settled = count - asked;
  rows.look((row, other) => other < row || row >= count - asked);
  return rows;
}

/** Any token but a special one will do; different ones, so that no cache line is served twice. */
export function tokenAt({ architecture }: Pick<ModelConfig, "architecture">, position: number): number {
  return (position * 7919 + 1000) % architecture.vocabSize;
}
