import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { figure, fixedText, likelihoodInOrder, table, type Likelihood } from "../../bench/index.ts";
import { convertCheckpoint } from "../../convert/index.ts";
import { openModelGraph, type EngineOptions } from "../../engine/index.ts";
import { openTokenizer } from "../../model/index.ts";
import type { BenchOptions } from "../bench.ts";
import { programPaths } from "../paths.ts";
import { ProgressLine } from "../progress-line.ts";
import { sizeText } from "../../size-text.ts";
import { gatherSettings } from "../sources.ts";

const kinds = ["f32", "q8", "q4"] as const;

interface WeightFigures extends Likelihood {
  readonly kind: (typeof kinds)[number];
  readonly bytes: number;
}

/** Converts a checkpoint to each kind of weights in turn and scores the same text with each. */
export async function benchWeights(checkpoint: string, options: BenchOptions): Promise<void> {
  const { engine } = await gatherSettings(options, programPaths());
  const scratch = await mkdtemp(path.join(tmpdir(), "sdar-chat-bench-"));
  try {
    const figures: WeightFigures[] = [];
    for (const kind of kinds) figures.push(await score(checkpoint, kind, scratch, engine));
    process.stdout.write(options.json ? `${JSON.stringify(figures)}\n` : `${weightsTable(figures)}\n`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function score(
  checkpoint: string,
  kind: WeightFigures["kind"],
  scratch: string,
  engine: EngineOptions,
): Promise<WeightFigures> {
  const to = path.join(scratch, kind);
  const progress = new ProgressLine(process.stderr);
  const { sizes } = await convertCheckpoint({
    from: checkpoint,
    to,
    weights: { kind },
    onProgress: ({ done, total }) => progress.show(done / total),
  });
  progress.clear();
  const { config, graph } = await openModelGraph(to, engine);
  try {
    const tokenizer = await openTokenizer({ path: to, config });
    const likelihood = await likelihoodInOrder(graph, config, tokenizer.encode(fixedText));
    return { kind, bytes: sizes[kind], ...likelihood };
  } finally {
    await graph.close();
    await rm(to, { recursive: true, force: true });
  }
}

function weightsTable(figures: readonly WeightFigures[]): string {
  const exact = figures[0]?.mean ?? Number.NaN;
  const rows = figures.map(({ kind, bytes, mean }) => [
    kind,
    sizeText(bytes),
    mean.toFixed(4),
    (exact - mean).toFixed(4),
  ]);
  const tokens = figure(figures[0]?.tokens ?? 0);
  return [
    `Mean log-likelihood of a fixed text of ${tokens} tokens, each given those before it (nats a token)`,
    table(["weights", "size", "log-likelihood", "lost to f32"], rows),
  ].join("\n");
}
