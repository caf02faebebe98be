import { statSync } from "node:fs";
import { join } from "node:path";
import type { ModelConfig, ModelFolder } from "../../model/index.ts";
import { bytesOf, type DeviceFloats } from "../graph/webgpu-cache.ts";
import type { Adapter } from "./adapters.ts";
import type { Verdict } from "./verdicts.ts";
import { timeOf } from "./pass-times.ts";

/** What a graph holds on a device besides weights and cache: activations, logits, the provider's pools. */
const workingBytes = 400e6;

/** A conversation that should fit before a device is chosen for it. */
const cachedTokens = 4096;

/**
 * Bytes on a device: the weights as they are in the file, the cache at 2 * layers * kvHeads * headDim numbers a token, and
 * room to work.
 */
export function memoryNeeded(
  { path, config }: Pick<ModelFolder, "path" | "config">,
  floats: DeviceFloats,
): number {
  const { layers, kvHeads, headDim } = config.architecture;
  const tokens = Math.min(config.contextLength, cachedTokens);
  const weights = statSync(join(path, "model.onnx.data")).size;
  return weights + 2 * layers * kvHeads * headDim * bytesOf[floats] * tokens + workingBytes;
}

/** Why a device is not even examined, in a sentence, unless it is asked for by name. @param needed bytes */
export function refusalOf(adapter: Adapter, needed: number): string | undefined {
  if (adapter.software)
    return `${adapter.name} computes in software, which is slower than the CPU's own graph.`;
  const { memoryBytes = Infinity, name } = adapter;
  if (needed <= memoryBytes) return undefined;
  const [has, wants] = [memoryBytes, needed].map((bytes) => `${(bytes / 1e9).toFixed(1)} GB`);
  return `${name} has ${has} of memory and this model needs ${wants}.`;
}

/** Whether a device is used, and why, in a sentence. */
export interface DeviceChoice {
  readonly use: boolean;
  readonly reason: string;
}

type Right = Extract<Verdict, { kind: "right" }>;

/** Whether a device's numbers are right, in passes as long as a block of the model. */
export function isUsable(
  verdict: Verdict,
  { blockLength }: Pick<ModelConfig, "blockLength">,
): verdict is Right {
  return verdict.kind === "right" && verdict.rows >= blockLength;
}

/** Why a device can't be used, in a clause. */
export function whyUnusable(verdict: Verdict, { blockLength }: Pick<ModelConfig, "blockLength">): string {
  if (verdict.kind === "begun") return "a check of it did not come back";
  if (verdict.kind === "wrong") return verdict.why;
  return `it computes passes of up to ${verdict.rows} rows right, and a block of this model has ${blockLength}`;
}

/** An examined way for a device to compute: in which floats, and how it did. */
interface Examined {
  readonly check: { readonly floats: DeviceFloats };
  readonly verdict: Verdict;
}

/** By how much a pass must be quicker in 32-bit floats for them to be worth a cache of twice the size. */
const worthTheCache = 1.05;

/**
 * The floats to take of those that were examined: those in which the device computes longer passes right, for prompts are
 * read in those, else those in which a pass of usual length is quicker. 16-bit floats read less memory, but cost a few
 * dispatches more, which is what small models wait for.
 * @returns the last one where none is right; undefined where none was examined
 */
export function chooseFloats<T extends Examined>(
  examined: readonly T[],
  config: ModelConfig,
): (T & { readonly whyNotHalf?: string }) | undefined {
  const [half, whole] = (["float16", "float32"] as const).map((floats) =>
    examined.find(({ check }) => check.floats === floats),
  );
  if (half === undefined || whole === undefined) return half ?? whole;
  const whyNotHalf = whyWhole(half.verdict, whole.verdict, config);
  return whyNotHalf === undefined ? half : { ...whole, whyNotHalf };
}

/** Why to compute in 32-bit floats, in a clause; undefined: 16 bits are better. */
function whyWhole(half: Verdict, whole: Verdict, config: ModelConfig): string | undefined {
  if (!isUsable(half, config)) return whyUnusable(half, config);
  if (!isUsable(whole, config)) return undefined;
  if (half.rows !== whole.rows)
    return half.rows > whole.rows
      ? undefined
      : `in 16-bit floats only passes of up to ${half.rows} rows are right`;
  const [slow, quick] = [half, whole].map(({ device }) => timeOf(device, usualRows(config)));
  if (slow === undefined || quick === undefined || slow <= quick * worthTheCache) return undefined;
  return `a pass takes ${slow.toFixed(1)} ms in 16-bit floats and ${quick.toFixed(1)} ms in these`;
}

/**
 * Whether a device that was examined is to be used, and why, in a sentence.
 * @param named it was asked for by name: only wrong numbers speak against it
 */
export function chooseDevice(
  verdict: Verdict,
  { name }: Adapter,
  config: ModelConfig,
  named: boolean,
): DeviceChoice {
  if (!isUsable(verdict, config)) {
    const again = verdict.kind === "begun" ? " `sdar-chat doctor --gpu` checks again." : "";
    return { use: false, reason: `${name} is not used: ${whyUnusable(verdict, config)}.${again}` };
  }
  if (named) return { use: true, reason: `${name} was asked for; its numbers are right.` };
  const rows = usualRows(config);
  const [there, here] = [timeOf(verdict.device, rows), timeOf(verdict.cpu, rows)];
  const times = `a pass of ${rows} rows takes ${there.toFixed(1)} ms on ${name} and ${here.toFixed(1)} ms on the CPU`;
  return there < here
    ? { use: true, reason: `The faster one: ${times}.` }
    : { use: false, reason: `The CPU is faster: ${times}.` };
}

/** Rows of most passes: a block and, where blocks are committed, on average half of the one before. */
function usualRows({ blockLength, maskCarryTokenId }: ModelConfig): number {
  return maskCarryTokenId === undefined ? Math.ceil(blockLength * 1.5) : blockLength;
}
