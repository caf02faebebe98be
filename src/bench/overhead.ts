import { defaultSettings, formOf, type Engine, type Graph } from "../engine/index.ts";
import type { ModelConfig } from "../model/index.ts";
import { fillCache, passCosts, tokenAt } from "./pass-cost.ts";
import { median } from "./statistics.ts";

/** What a pass of the engine takes beside the same pass of the graph alone. Medians in milliseconds. */
export interface Overhead {
  readonly rows: number;
  /** as the reader of the events sees it: from pass to pass */
  readonly pass: number;
  /** of it, inside the engine: rows, graph, choice of tokens */
  readonly inside: number;
  /** the same pass of the graph again and again */
  readonly alone: number;
  /** the fastest of those */
  readonly best: number;
}

const blockLength = 4;
const cached = 256;
const passesARound = 16;

/** The 4 tokens of the block before and the 4 masks of a block, of which the first may need no row (see the engine's forms). */
const rowsOfPass = (config: ModelConfig) => 2 * blockLength - (formOf(config).sharesFirst ? 1 : 0);

/**
 * Decodes blocks of 4 in one pass each, so that every pass but the first has as many rows, and times the same passes of the graph alone, in turns. Empties the graph's cache.
 * @param graph the model of the engine, opened a second time
 */
export async function measureOverhead(
  engine: Engine,
  graph: Graph,
  config: ModelConfig,
  rounds: number,
  signal?: AbortSignal,
): Promise<Overhead | undefined> {
  const passes: { rows: number; pass: number; inside: number }[] = [];
  const alone: { milliseconds: number; best: number }[] = [];
  const rows = rowsOfPass(config);
  graph.truncate(0);
  await fillCache(graph, config, cached + (blockLength * passesARound) / 2);
  for (let round = -1; round < rounds; round++) {
    const some = await blockPasses(engine, config, signal);
    const shapes = [{ rows, asked: blockLength }];
    const graphs = await passCosts(graph, config, {
      shapes,
      cached: graph.cached,
      rounds: passesARound,
      ...(signal && { signal }),
    });
    if (signal?.aborted) return undefined;
    if (round < 0) continue;
    passes.push(...some);
    alone.push(...graphs);
  }
  graph.truncate(0);
  return {
    rows,
    pass: median(passes.map(({ pass }) => pass)),
    inside: median(passes.map(({ inside }) => inside)),
    alone: median(alone.map(({ milliseconds }) => milliseconds)),
    best: Math.min(...alone.map(({ best }) => best)),
  };
}

async function blockPasses(engine: Engine, config: ModelConfig, signal?: AbortSignal) {
  const passes: { rows: number; pass: number; inside: number }[] = [];
  let before = Number.NaN;
  const request = {
    promptIds: Array.from({ length: cached }, (_, position) => tokenAt(config, position)),
    settings: { ...defaultSettings(blockLength), threshold: 0, maxTokens: blockLength * passesARound },
    stopTokenIds: [],
    ...(signal && { signal }),
  };
  for await (const event of engine.generate(request)) {
    if (event.type !== "denoised") continue;
    const now = performance.now();
    if (event.rows === rowsOfPass(config) && !Number.isNaN(before)) {
      passes.push({ rows: event.rows, pass: now - before, inside: event.milliseconds });
    }
    before = now;
  }
  return passes;
}
