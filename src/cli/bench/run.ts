import { stat } from "node:fs/promises";
import path from "node:path";
import { contenders, measureOverhead, type Contender } from "../../bench/index.ts";
import { openEngineProcess, openModelGraph, type Engine } from "../../engine/index.ts";
import { messageOf } from "../../errors.ts";
import { openTokenizer } from "../../model/index.ts";
import type { BenchOptions } from "../bench.ts";
import { Exit } from "../failure.ts";
import { watchInterruption } from "../interruption.ts";
import { ProgressLine } from "../progress-line.ts";
import { judgeDecoding, measureDecoding, type Decoded } from "./decoding.ts";
import { writeFigures } from "./files.ts";
import { measureMachine } from "./machine.ts";
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
  const { folder, engine: options } = plan;
  const { name, weights, architecture } = folder.config;
  const weightBytes = (await stat(path.join(folder.path, "model.onnx.data"))).size;
  const residentBefore = process.memoryUsage().rss;
  let { graph } = await openModelGraph(folder.path, options);
  const base = {
    model: name,
    weights,
    weightBytes,
    architecture,
    device: graph.device,
    threads: graph.threads,
  };
  try {
    const passes = new ProgressLine(process.stderr, "passes");
    const { lengths } = plan;
    const progress = (share: number) => passes.show(share);
    const machine = await measureMachine(graph, folder.config, {
      lengths,
      weightBytes,
      bandwidth: plan.bandwidth,
      residentBefore,
      signal,
      progress,
    });
    passes.clear();
    const isSmall = weightBytes < twiceBytes;
    if (!isSmall) await graph.close();
    const { overhead, decoded } = await withEngine(plan, graph.threads, async (engine, all) => ({
      overhead: isSmall ? await measureOverhead(engine, graph, folder.config, 5, signal) : undefined,
      decoded: await decode(plan, all, signal),
    }));
    if (!isSmall) ({ graph } = await openModelGraph(folder.path, options));
    const decoding = await judgeDecoding(decoded, graph, plan, signal);
    const start = plan.starts && !signal.aborted ? await timedStarts(folder.path) : undefined;
    return {
      ...base,
      ...(machine && { machine }),
      ...(overhead && { overhead }),
      decoding,
      ...(start && { start }),
    };
  } finally {
    await graph.close();
  }
}

/** Says so where they can't be had: half an hour of other figures must not be lost with them. */
async function timedStarts(folder: string) {
  try {
    return await startTimes(folder);
  } catch (error) {
    process.stderr.write(`The starts could not be timed: ${messageOf(error)}\n`);
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
