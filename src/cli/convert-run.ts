import path from "node:path";
import { convertCheckpoint, type ConversionPlan, type WeightChoice } from "../convert/index.ts";
import { UserError } from "../errors.ts";
import type { ConvertCommandOptions } from "./convert.ts";
import { Exit } from "./failure.ts";
import { watchInterruption } from "./interruption.ts";
import { ProgressLine } from "./progress-line.ts";
import { sizeText } from "../size-text.ts";

/** Makes a model folder, telling what it will be and how far it is; a signal leaves nothing behind. */
export async function convert(from: string, to: string, options: ConvertCommandOptions): Promise<void> {
  const interruption = watchInterruption();
  const progress = new ProgressLine(process.stderr);
  const started = performance.now();
  try {
    await convertCheckpoint({
      from,
      to,
      weights: weightChoice(options),
      name: options.name,
      blockLength: options.blockLength,
      trainedBlockLengths: options.trained,
      maskTokenId: options.maskId,
      onPlan: (plan) => process.stdout.write(planText(plan)),
      onProgress: ({ done, total }) => progress.show(done / total),
      signal: interruption.signal,
    });
    progress.clear();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(
      `${path.resolve(to)} is whole (${seconds} s). Chat with it: sdar-chat --model ${to}\n`,
    );
  } catch (error) {
    progress.clear();
    const code = interruption.exitCode();
    throw code === undefined ? asFailure(error) : new Exit(code);
  } finally {
    interruption.release();
  }
}

/** @throws UserError usage */
function weightChoice({ weights, blockSize }: ConvertCommandOptions): WeightChoice | undefined {
  if (blockSize === undefined) return weights && { kind: weights };
  if (weights === "q8" || weights === "q4") return { kind: weights, blockSize };
  throw new UserError(
    "usage",
    "--block-size is for quantised weights: say --weights q8 or --weights q4 too.",
  );
}

function planText({ config, parameters, sizes, notes }: ConversionPlan): string {
  const { weights } = config;
  const chosen = weights.kind === "f32" ? "f32" : `${weights.kind} in blocks of ${weights.blockSize}`;
  const all = Object.entries(sizes).map(([kind, bytes]) => `${kind} ${sizeText(bytes)}`);
  const lines = [
    `${config.name}: ${countText(parameters)} parameters; ${all.join(", ")}`,
    `Writing ${chosen}.`,
    ...notes.map((note) => `Note: ${note}`),
  ];
  return `${lines.join("\n")}\n`;
}

function countText(parameters: number): string {
  if (parameters >= 1e9) return `${(parameters / 1e9).toFixed(1)} billion`;
  return parameters >= 1e6 ? `${Math.round(parameters / 1e6)} million` : parameters.toLocaleString("en");
}

/** Here a bad checkpoint is what failed, not a bad model: exit code 1, not 3. */
function asFailure(error: unknown): unknown {
  if (!(error instanceof UserError) || error.kind === "usage") return error;
  return new UserError("file", error.message, { cause: error });
}
