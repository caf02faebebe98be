import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { figure, fixedText, likelihoodInOrder, table, type Likelihood } from "../../bench/index.ts";
import { convertCheckpoint } from "../../convert/index.ts";
import { openModelGraph, type EngineOptions } from "../../engine/index.ts";
import { UserError } from "../../errors.ts";
import { kebab } from "../../kebab.ts";
import { openTokenizer } from "../../model/index.ts";
import type { BenchOptions } from "../bench.ts";
import { Exit } from "../failure.ts";
import { watchInterruption } from "../interruption.ts";
import { programPaths } from "../paths.ts";
import { ProgressLine } from "../progress-line.ts";
import { sizeText } from "../../size-text.ts";
import { engineOptions } from "../session.ts";
import { gatherSettings } from "../sources.ts";
import { writeWeightFigures } from "./files.ts";

const kinds = ["f32", "q8", "q4"] as const;

interface WeightFigures extends Likelihood {
  readonly kind: (typeof kinds)[number];
  readonly bytes: number;
}

/** Converts a checkpoint to each kind of weights in turn and scores the same text with each; a signal ends it early. */
export async function benchWeights(checkpoint: string, options: BenchOptions): Promise<void> {
  refuseOthers(options);
  const paths = programPaths();
  const engine = engineOptions(await gatherSettings(options, paths), paths);
  const interruption = watchInterruption();
  let figures: readonly WeightFigures[];
  try {
    figures = await scoreAll(checkpoint, engine, interruption.signal);
  } finally {
    interruption.release();
  }
  if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else if (figures.length > 0) process.stdout.write(`${weightsTable(figures)}\n`);
  if (options.out !== undefined && figures.length > 0) await writeWeightFigures(options.out, figures);
  const code = interruption.exitCode();
  if (code !== undefined) throw new Exit(code);
}

/** All that counts beside --checkpoint. */
const heeded = new Set(["checkpoint", "device", "threads", "out", "json"]);

/** Half an hour must not go by before it shows that a flag did nothing. @throws UserError usage */
function refuseOthers(options: BenchOptions): void {
  const other = Object.keys(options).find((key) => !heeded.has(key));
  if (other === undefined) return;
  throw new UserError(
    "usage",
    `--${kebab(other)} does not go with --checkpoint, which takes --device, --threads, --out and --json.`,
  );
}

/** @returns the kinds that it came to before the signal */
async function scoreAll(
  checkpoint: string,
  engine: EngineOptions,
  signal: AbortSignal,
): Promise<readonly WeightFigures[]> {
  const scratch = await mkdtemp(path.join(tmpdir(), "sdar-chat-bench-"));
  // A second signal ends the program at once, and gigabytes must not outlive it.
  const remove = () => rmSync(scratch, { recursive: true, force: true });
  process.once("exit", remove);
  const figures: WeightFigures[] = [];
  try {
    for (const kind of kinds) figures.push(await score(checkpoint, kind, scratch, engine, signal));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    remove();
    process.off("exit", remove);
  }
  return figures;
}

/** @throws the signal's reason */
async function score(
  checkpoint: string,
  kind: WeightFigures["kind"],
  scratch: string,
  engine: EngineOptions,
  signal: AbortSignal,
): Promise<WeightFigures> {
  const to = path.join(scratch, kind);
  const bytes = await convertTo(to, checkpoint, kind, signal);
  const { config, graph } = await openModelGraph(to, engine);
  try {
    const tokenizer = await openTokenizer({ path: to, config });
    const likelihood = await likelihoodInOrder(graph, config, tokenizer.encode(fixedText), 1, signal);
    return { kind, bytes, ...likelihood };
  } finally {
    await graph.close();
    await rm(to, { recursive: true, force: true });
  }
}

/** @returns the size of the model folder */
async function convertTo(
  to: string,
  from: string,
  kind: WeightFigures["kind"],
  signal: AbortSignal,
): Promise<number> {
  const progress = new ProgressLine(process.stderr);
  try {
    const { sizes } = await convertCheckpoint({
      from,
      to,
      weights: { kind },
      onProgress: ({ done, total }) => progress.show(done / total),
      signal,
    });
    return sizes[kind];
  } finally {
    progress.clear();
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
