import { stat } from "node:fs/promises";
import path from "node:path";
import { contenders, measureOverhead, type Contender } from "../../bench/index.ts";
import { openEngineProcess, openModelGraph, type Engine, type Graph } from "../../engine/index.ts";
import { messageOf } from "../../errors.ts";
import { openTokenizer } from "../../model/index.ts";
import type { BenchOptions } from "../bench.ts";
import { Exit } from "../failure.ts";
import { watchInterruption } from "../interruption.ts";
import { ProgressLine } from "../progress-line.ts";
import { judgeDecoding, measureDecoding, type Decoded } from "./decoding.ts";
import { writeFigures } from "./files.ts";
import { measureMachine, type MachineOptions } from "./machine.ts";
import { openPeer } from "./peer.ts";
import { planBench, type BenchPlan } from "./plan.ts";
import { reportText, type BenchReport } from "./report.ts";
import { startTimes } from "./start.ts";

/** A model this large is never in memory twice. */
const twiceBytes = 1e9;

/** Measures everything side by side in one run and prints it; what was measured by then if it is interrupted. */
export async function bench(options: BenchOptions): Promise<void> {
  const plan = await planBench(options);
  const interruption = watchInterruption();
  let report: BenchReport;
  try {
    report = await measure(plan, interruption.signal);
  } finally {
    interruption.release();
  }
  process.stdout.write(
    options.json ? `${JSON.stringify(report)}\n` : reportText(report, options.byKind === true),
  );
  if (options.out !== undefined) await writeFigures(options.out, report);
  const code = interruption.exitCode();
  if (code !== undefined) throw new Exit(code);
}

async function measure(plan: BenchPlan, signal: AbortSignal): Promise<BenchReport> {
  const { folder } = plan;
  const { name, weights, architecture } = folder.config;
  const weightBytes = (await stat(path.join(folder.path, "model.onnx.data"))).size;
  const { figures, decoding } =
    weightBytes < twiceBytes
      ? await measureTogether(plan, weightBytes, signal)
      : await measureApart(plan, weightBytes, signal);
  const start = plan.starts && !signal.aborted ? await timedStarts(plan, signal) : undefined;
  return { model: name, weights, weightBytes, architecture, ...figures, decoding, ...(start && { start }) };
}

type Measured = Pick<BenchReport, "decoding"> & {
  readonly figures: Pick<BenchReport, "device" | "threads" | "machine" | "overhead">;
};

/** The graph stays open while the engine decodes: their passes are compared too. */
async function measureTogether(plan: BenchPlan, weightBytes: number, signal: AbortSignal): Promise<Measured> {
  return await withGraph(plan, async (graph, residentBefore) => {
    const figures = await passFigures(plan, graph, { weightBytes, residentBefore, signal });
    const { overhead, decoded } = await withEngine(plan, graph.threads, async (engine, all) => ({
      overhead: await measureOverhead(engine, graph, plan.folder.config, 5, signal),
      decoded: await decode(plan, all, signal),
    }));
    const decoding = await judgeDecoding(decoded, graph, plan, signal);
    return { figures: { ...figures, ...(overhead && { overhead }) }, decoding };
  });
}

/** The graph is closed before the engine opens, and opened again once that is closed. */
async function measureApart(plan: BenchPlan, weightBytes: number, signal: AbortSignal): Promise<Measured> {
  const figures = await withGraph(plan, (graph, residentBefore) =>
    passFigures(plan, graph, { weightBytes, residentBefore, signal }),
  );
  const decoded = await withEngine(plan, figures.threads, (_, all) => decode(plan, all, signal));
  const decoding = await withGraph(plan, (graph) => judgeDecoding(decoded, graph, plan, signal));
  return { figures, decoding };
}

async function passFigures(
  { folder, lengths, bandwidth }: BenchPlan,
  graph: Graph,
  measuring: Pick<MachineOptions, "weightBytes" | "residentBefore" | "signal">,
) {
  const passes = new ProgressLine(process.stderr, "passes");
  const progress = (share: number) => passes.show(share);
  const machine = await measureMachine(graph, folder.config, { ...measuring, lengths, bandwidth, progress });
  passes.clear();
  return { device: graph.device, threads: graph.threads, ...(machine && { machine }) };
}

/** Opens the graph alone and closes it whatever happens. @param use is told the resident bytes before it was loaded */
async function withGraph<T>(
  { folder, engine: options }: BenchPlan,
  use: (graph: Graph, residentBefore: number) => Promise<T>,
): Promise<T> {
  const residentBefore = process.memoryUsage().rss;
  const { graph } = await openModelGraph(folder.path, options);
  try {
    return await use(graph, residentBefore);
  } finally {
    await graph.close();
  }
}

/** Says so where they can't be had: half an hour of other figures must not be lost with them. */
async function timedStarts({ folder, engine }: BenchPlan, signal: AbortSignal) {
  try {
    return await startTimes(folder.path, engine, signal);
  } catch (error) {
    if (!signal.aborted) process.stderr.write(`The starts could not be timed: ${messageOf(error)}\n`);
    return undefined;
  }
}

async function decode(plan: BenchPlan, all: readonly Contender[], signal: AbortSignal): Promise<Decoded> {
  return await measureDecoding(all, await openTokenizer(plan.folder), plan, signal);
}

/** Opens the engine, and the peer if one is asked for, and closes them whatever happens. */
async function withEngine<T>(
  { folder, engine: options, settings, grid, peerModel }: BenchPlan,
  threads: number,
  use: (engine: Engine, all: readonly Contender[]) => Promise<T>,
): Promise<T> {
  const peer = peerModel === undefined ? undefined : await openPeer(peerModel, folder.config, threads);
  try {
    const engine = await openEngineProcess(folder.path, options);
    try {
      const all = [...contenders(engine, settings, grid), ...(peer ? [peer.contender] : [])];
      return await use(engine, all);
    } finally {
      await engine.close();
    }
  } finally {
    await peer?.close();
  }
}
