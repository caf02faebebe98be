import { stat } from "node:fs/promises";
import path from "node:path";
import {
  compareDecoding,
  figure,
  memoryReadTime,
  passCosts,
  prompts,
  table,
  type Contender,
  type DecodingFigures,
  type PassCost,
} from "../bench/index.ts";
import { openEngine, openModelGraph, type DecodingSettings } from "../engine/index.ts";
import { openTokenizer, type ModelFolder, type Tokenizer } from "../model/index.ts";
import type { BenchOptions } from "./bench.ts";
import { startTimes, type StartTimes } from "./bench-start.ts";
import { programPaths } from "./paths.ts";
import { ProgressLine } from "./progress-line.ts";
import { openFolder } from "./session.ts";
import { decodingFor, type ChosenSettings } from "./settings.ts";
import { sizeText } from "./size-text.ts";
import { gatherSettings } from "./sources.ts";

const passRows = [1, 4, 8, 16, 32];
const cachedTokens = 256;
/** long enough for a rate, short enough for a run of a minute or two */
const answerTokens = 96;

interface PassFigures {
  readonly threads: number;
  readonly cachedTokens: number;
  readonly costs: readonly PassCost[];
  readonly weightBytes: number;
  readonly weightReadMilliseconds: number;
}

/** Measures everything side by side in one run and prints it. */
export async function bench(options: BenchOptions): Promise<void> {
  const paths = programPaths();
  const chosen = await gatherSettings(options, paths);
  const folder = await openFolder(chosen, paths);
  const progress = new ProgressLine(process.stderr);
  const passes = await measurePasses(folder, chosen);
  const decoding = await measureDecoding(folder, chosen, options.rounds, (share) => progress.show(share));
  progress.clear();
  const start = await startTimes(folder.path);
  const { name, weights } = folder.config;
  const report = { model: name, weights, passes, decoding, start };
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportText(report));
}

async function measurePasses(
  { path: folder }: ModelFolder,
  { engine }: ChosenSettings,
): Promise<PassFigures> {
  const { config, graph } = await openModelGraph(folder, engine);
  try {
    const costs = await passCosts(graph, config, { rows: passRows, cached: cachedTokens, rounds: 15 });
    const weightBytes = (await stat(path.join(folder, "model.onnx.data"))).size;
    const weightReadMilliseconds = await memoryReadTime(weightBytes, graph.threads);
    return { threads: graph.threads, cachedTokens, costs, weightBytes, weightReadMilliseconds };
  } finally {
    await graph.close();
  }
}

async function measureDecoding(
  folder: ModelFolder,
  { engine: engineOptions, decoding }: ChosenSettings,
  rounds: number,
  progress: (share: number) => void,
): Promise<DecodingFigures[]> {
  const engine = await openEngine(folder.path, engineOptions);
  try {
    const tokenizer = await openTokenizer(folder);
    const settings = {
      ...decodingFor(folder.config, decoding),
      maxTokens: decoding.maxTokens ?? answerTokens,
    };
    const ids = prompts.map(({ prompt }) => promptIds(tokenizer, prompt));
    return await compareDecoding(engine, ids, contenders(settings), rounds, (done, of) =>
      progress(done / of),
    );
  } finally {
    await engine.close();
  }
}

function promptIds(tokenizer: Tokenizer, content: string): number[] {
  return tokenizer.encodeChat(
    tokenizer.renderChat([{ role: "user", content }], { addGenerationPrompt: true }),
  );
}

function contenders(settings: DecodingSettings): Contender[] {
  const { blockLength, threshold } = settings;
  return [
    { name: "block length 1", settings: { ...settings, strategy: "sequential", blockLength: 1 } },
    { name: `sequential, block ${blockLength}`, settings: { ...settings, strategy: "sequential" } },
    {
      name: `dynamic ${threshold}, block ${blockLength}`,
      settings: { ...settings, strategy: "low_confidence_dynamic" },
    },
    {
      name: `self-speculative, block ${blockLength}`,
      settings: { ...settings, strategy: "self_speculative" },
    },
  ];
}

function reportText(report: {
  readonly model: string;
  readonly passes: PassFigures;
  readonly decoding: readonly DecodingFigures[];
  readonly start: StartTimes;
}): string {
  const { passes, decoding, start } = report;
  return [
    `${report.model}, CPU, ${passes.threads} threads`,
    "",
    `A pass on top of ${passes.cachedTokens} cached tokens`,
    passTable(passes),
    `reading the weights once (${sizeText(passes.weightBytes)}): ${figure(passes.weightReadMilliseconds)} ms`,
    "",
    `Decoding ${prompts.length} prompts, greedy`,
    decodingTable(decoding),
    "",
    "From the start of the program",
    startTable(start),
    "",
  ].join("\n");
}

function passTable({ costs, weightReadMilliseconds }: PassFigures): string {
  const one = costs[0]?.milliseconds ?? Number.NaN;
  return table(
    ["rows", "ms", "best", "to one row", "to reading the weights"],
    costs.map(({ rows, milliseconds, best }) => [
      String(rows),
      figure(milliseconds),
      figure(best),
      `${figure(milliseconds / one)}x`,
      `${figure(milliseconds / weightReadMilliseconds)}x`,
    ]),
  );
}

function decodingTable(figures: readonly DecodingFigures[]): string {
  const baseline = figures[0]?.tokensPerSecond ?? Number.NaN;
  return table(
    [
      "",
      "kept tokens/s",
      "spread",
      "to block length 1",
      "tokens a pass",
      "accepted drafts",
      "passes/s",
      "first text ms",
    ],
    figures.map((each) => [
      each.name,
      figure(each.tokensPerSecond),
      `${Math.round(100 * each.tokensPerSecondSpread)}%`,
      `${figure(each.tokensPerSecond / baseline)}x`,
      figure(each.tokensPerPass),
      Number.isNaN(each.acceptedDrafts) ? "" : `${Math.round(100 * each.acceptedDrafts)}%`,
      figure(each.passesPerSecond),
      figure(each.firstTextMilliseconds),
    ]),
  );
}

function startTable({ frame, model, firstBlock, note }: StartTimes): string {
  const rows = [
    ["first frame", frame],
    ["model loaded", model],
    ["first finished block, of an answer asked at once", firstBlock],
  ] as const;
  const known = rows.flatMap(([what, milliseconds]) =>
    milliseconds === undefined ? [] : [[what, `${Math.round(milliseconds)}`]],
  );
  return [table(["", "ms"], known), ...(note === undefined ? [] : [note])].join("\n");
}
