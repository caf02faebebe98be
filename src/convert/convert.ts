import { open, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { modelConfigSchema, type ModelConfig } from "../model/index.ts";
import { Checkpoint } from "./checkpoint/checkpoint.ts";
import { readCheckpointConfig } from "./checkpoint/config.ts";
import { describeCheckpoint, type Description, type Known } from "./checkpoint/describe.ts";
import { writeChecksums } from "./checksums.ts";
import { weightFileName } from "./graph/context.ts";
import { buildGraphs, type PlannedGraphs } from "./graph/graphs.ts";
import { readTokenizer, writeTokenizerFiles } from "./tokenizer-files.ts";
import { defaultKind, weightKind, type WeightChoice } from "./weight-choice.ts";
import { checkSources } from "./weights/check.ts";
import { writeWeights } from "./weights/write.ts";
import { makeWholeFolder, refuseExisting, requireSpace } from "./whole-folder.ts";

export interface ConvertOptions extends Known {
  /** folder of a checkpoint as published: config.json, safetensors files, tokenizer */
  readonly from: string;
  /** model folder to make; nothing may be there */
  readonly to: string;
  /** default: 8 bits up to four billion parameters, 4 above */
  readonly weights?: WeightChoice | undefined;
  /** called once, before anything is written */
  readonly onPlan?: ((plan: ConversionPlan) => void) | undefined;
  /** called after every piece that was written */
  readonly onProgress?: ((progress: ConversionProgress) => void) | undefined;
  /** stops the conversion; what was written is removed and the signal's reason is thrown */
  readonly signal?: AbortSignal | undefined;
}

/** What will be written. */
export interface ConversionPlan {
  readonly config: ModelConfig;
  readonly parameters: number;
  /** size in bytes of graph and weights in each kind: the chosen block size, or the kind's own */
  readonly sizes: Readonly<Record<"q8" | "q4" | "f32", number>>;
  /** what the checkpoint doesn't say and was assumed, a sentence each */
  readonly notes: readonly string[];
}

export interface ConversionProgress {
  /** parameters written so far */
  readonly done: number;
  readonly total: number;
}

/**
 * Makes a model folder of a checkpoint, or nothing at all. Memory stays under 1.5 GB whatever the checkpoint's size,
 * and the same checkpoint gives the same bytes.
 * @throws UserError model-missing, model-invalid (checkpoint), file (target, disk), usage (options)
 */
export async function convertCheckpoint(options: ConvertOptions): Promise<ConversionPlan> {
  const { from, to, signal } = options;
  signal?.throwIfAborted();
  const source = await readCheckpointConfig(from);
  const checkpoint = await Checkpoint.open(from);
  try {
    const description = await describeCheckpoint(checkpoint, source, options);
    const { plan, planned } = planConversion(description, options.weights);
    checkSources(planned.plan, checkpoint);
    await readTokenizer(from);
    await refuseExisting(resolve(to));
    await requireSpace(to, plan.sizes[plan.config.weights.kind]);
    options.onPlan?.(plan);
    await makeWholeFolder(to, (folder) => fill(folder, checkpoint, plan, planned, options));
    return plan;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await checkpoint.close();
  }
}

function planConversion({ config, notes }: Description, choice: WeightChoice | undefined) {
  const build = (weights: WeightChoice) => buildGraphs({ ...config, weights: weightKind(weights) });
  const ofKind = (kind: WeightChoice["kind"]) => build(choice?.kind === kind ? choice : { kind });
  const models = { q8: ofKind("q8"), q4: ofKind("q4"), f32: ofKind("f32") };
  const parameters = models.f32.plan.numbers;
  const chosen = choice ?? { kind: defaultKind(parameters) };
  const sizes = { q8: sizeOf(models.q8), q4: sizeOf(models.q4), f32: sizeOf(models.f32) };
  const whole = modelConfigSchema.parse({ ...config, weights: weightKind(chosen) });
  return { plan: { config: whole, parameters, sizes, notes }, planned: models[chosen.kind] };
}

function sizeOf({ files, plan }: PlannedGraphs): number {
  return Object.values(files).reduce((sum, { byteLength }) => sum + byteLength, plan.bytes);
}

async function fill(
  folder: string,
  checkpoint: Checkpoint,
  { config, parameters }: ConversionPlan,
  { files, plan }: PlannedGraphs,
  { onProgress, signal }: ConvertOptions,
): Promise<void> {
  await writeFile(join(folder, "config.json"), `${JSON.stringify(config, undefined, 2)}\n`);
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  await writeTokenizerFiles(checkpoint.folder, folder);
  const file = await open(join(folder, weightFileName), "wx");
  try {
    const report = onProgress && ((done: number) => onProgress({ done, total: parameters }));
    await writeWeights(plan, checkpoint, file, { onProgress: report, signal });
  } finally {
    await file.close();
  }
  await writeChecksums(folder, signal);
}
