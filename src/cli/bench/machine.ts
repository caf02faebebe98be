import {
  arithmeticPeak,
  cacheBytesPerToken,
  memoryNeeds,
  memoryReadTime,
  passCosts,
  type MachinePeaks,
  type MemoryNeeds,
  type PassCost,
} from "../../bench/index.ts";
import type { Graph } from "../../engine/index.ts";
import type { ModelConfig } from "../../model/index.ts";

/** What passes cost on this machine, and what they could cost at best. */
export interface MachineFigures {
  readonly peaks: MachinePeaks;
  /** by rows, every one of them asked, on top of the shortest cache */
  readonly byRows: readonly PassCost[];
  /** one row and a block's, by the length of the cache */
  readonly byLength: readonly LengthFigures[];
  /** absent where a GPU holds the model */
  readonly memory?: MemoryFigures;
}

export interface LengthFigures {
  readonly cached: number;
  readonly cacheBytes: number;
  readonly costs: readonly PassCost[];
}

/** Resident memory that the model, its longest cache and its passes added to the program. */
export interface MemoryFigures {
  readonly tokens: number;
  readonly expected: MemoryNeeds;
  readonly measured: number;
}

export interface MachineOptions {
  readonly lengths: readonly number[];
  readonly weightBytes: number;
  /** of the device's memory, bytes a millisecond, where it is said */
  readonly bandwidth?: number | undefined;
  /** resident bytes before the model was loaded */
  readonly residentBefore: number;
  readonly signal: AbortSignal;
  readonly progress: (share: number) => void;
}

const passRows = [1, 4, 8, 16, 32];
const lengthRows = [1, 8];
/** enough for the best rate of multiplication */
const manyRows = [64, 128];

/** @returns undefined if the signal came first */
export async function measureMachine(
  graph: Graph,
  config: ModelConfig,
  { lengths, weightBytes, bandwidth, residentBefore, signal, progress }: MachineOptions,
): Promise<MachineFigures | undefined> {
  const { architecture } = config;
  graph.truncate(0);
  const most = graph.mostRows;
  const shapes = manyRows.map((rows) => ({ rows: Math.min(rows, most), asked: 0 }));
  const many = await passCosts(graph, config, { shapes, cached: 0, rounds: 5, signal });
  const byLength: LengthFigures[] = [];
  let byRows: PassCost[] = [];
  for (const [index, cached] of lengths.entries()) {
    const ofLength = { shapes: lengthRows.map((rows) => ({ rows })), cached, rounds: 11, signal };
    const costs = await passCosts(graph, config, ofLength);
    byLength.push({
      cached,
      cacheBytes: cached * cacheBytesPerToken(architecture, graph.cacheNumberBytes),
      costs,
    });
    if (index === 0) {
      const ofRows = {
        shapes: passRows.filter((rows) => rows <= most).map((rows) => ({ rows })),
        cached,
        rounds: 15,
        signal,
      };
      byRows = await passCosts(graph, config, ofRows);
    }
    if (signal.aborted) return undefined;
    progress((index + 1) / (lengths.length + 1));
  }
  const isCpu = graph.device === "cpu";
  const memory = isCpu ? memoryOf(graph, config, weightBytes, residentBefore) : undefined;
  graph.truncate(0);
  const peaks = {
    bandwidth: bandwidth ?? (isCpu ? await bandwidthOf(weightBytes, graph.threads) : Number.NaN),
    ...arithmeticPeak(architecture, many),
  };
  return { peaks, byRows, byLength, ...(memory && { memory }) };
}

/** Of the machine's memory, bytes a millisecond. */
async function bandwidthOf(weightBytes: number, threads: number): Promise<number> {
  return weightBytes / (await memoryReadTime(weightBytes, threads));
}

function memoryOf(
  graph: Graph,
  config: ModelConfig,
  weightBytes: number,
  residentBefore: number,
): MemoryFigures {
  const tokens = graph.cached;
  const expected = memoryNeeds(config, weightBytes, tokens, { rows: 64, asked: 32 });
  return { tokens, expected, measured: process.memoryUsage().rss - residentBefore };
}
