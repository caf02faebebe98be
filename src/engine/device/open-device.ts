import { messageOf, UserError } from "../../errors.ts";
import type { ModelFolder } from "../../model/index.ts";
import type { EngineOptions } from "../engine.ts";
import { FallbackGraph } from "../graph/fallback-graph.ts";
import type { Graph } from "../graph/graph.ts";
import { openGraph } from "../graph/onnx-graph.ts";
import { floatsOf, missingFile, openAdapter } from "../graph/webgpu-adapter.ts";
import type { DeviceFloats } from "../graph/webgpu-cache.ts";
import { hasGpu, type Adapter } from "./adapters.ts";
import { DeviceCheck } from "./device-check.ts";
import { chooseDevice, isUsable, memoryNeeded, refusalOf, whyUnusable } from "./device-choice.ts";
import type { Examination, Verdict } from "./verdicts.ts";

/** A model on a device, and why on that one. */
export interface OpenedDevice {
  readonly graph: Graph;
  /** a sentence */
  readonly reason: string;
  /** the GPU, where one was opened */
  readonly adapter?: Adapter;
  /** how it did in its check, where there was one */
  readonly check?: Examination;
}

/** Rows of a pass that a device may show to be right. */
const mostRows = 128;

/**
 * Loads a model for the device that is wanted, or that is found the best. A GPU is asked only after it has computed
 * fixed passes right; where it has not, or there is none, the model runs on the CPU and the reason says why.
 * @throws UserError model-invalid, engine
 */
export async function openDevice(folder: ModelFolder, options: EngineOptions): Promise<OpenedDevice> {
  const cpu = async (reason: string) => ({ graph: await openGraph(folder, options), reason });
  if (options.device === "cpu") return await cpu("The CPU was asked for.");
  const missing = missingFile(folder);
  if (options.device === "webgpu" && missing !== undefined) throw outdated(folder, missing);
  if (missing !== undefined) return await cpu("The model folder has no graph for a GPU.");
  if (options.device === "auto" && !hasGpu()) return await cpu("No GPU was found.");
  try {
    return await openGpu(folder, options);
  } catch (error) {
    if (options.device === "webgpu") throw error;
    return await cpu(`The GPU can't be used: ${messageOf(error)}`);
  }
}

/**
 * In 16-bit floats where the GPU computes right in them, else in 32.
 * @throws UserError engine (no adapter, not enough memory), model-invalid
 */
async function openGpu(folder: ModelFolder, options: EngineOptions): Promise<OpenedDevice> {
  const candidates = floatsOf(folder);
  let whyNotHalf: string | undefined;
  for (const floats of candidates) {
    const { adapter, verdict, reason, device } = await tryGpu(folder, options, floats);
    if (verdict !== undefined && !isUsable(verdict, folder.config) && floats !== candidates.at(-1)) {
      whyNotHalf = whyUnusable(verdict, folder.config);
      continue;
    }
    const cpu = async () => await openGraph(folder, options);
    const graph = device === undefined ? await cpu() : new FallbackGraph(device, cpu);
    const check = verdict && { floats, verdict, ...(whyNotHalf !== undefined && { whyNotHalf }) };
    return { graph, adapter, reason, ...(check && { check }) };
  }
  throw new Error("a model folder has graphs for a GPU, and none of them was tried");
}

/** A GPU as it was found, and the model on it if it is to be used. */
interface Tried {
  readonly adapter: Adapter;
  readonly verdict?: Verdict;
  /** a sentence */
  readonly reason: string;
  readonly device?: Graph;
}

/** @throws UserError engine (no adapter, not enough memory), model-invalid */
async function tryGpu(folder: ModelFolder, options: EngineOptions, floats: DeviceFloats): Promise<Tried> {
  const { adapter, load, close } = await openAdapter(folder, mostRows);
  const named = options.device === "webgpu";
  const choose = (verdict: Verdict) => chooseDevice(verdict, adapter, folder.config, named);
  const check = new DeviceCheck(folder, options, adapter, floats);
  const known = check.recall();
  const refusal = named ? undefined : refusalOf(adapter, memoryNeeded(folder, floats));
  const choice = known && choose(known);
  // What speaks against a device is heard before the weights go there.
  if (refusal !== undefined || choice?.use === false) {
    await close();
    return { adapter, reason: refusal ?? choice?.reason ?? "", ...(known && { verdict: known }) };
  }
  const { device, verdict } = await check.load(load, known);
  const { use, reason } = choose(verdict);
  if (verdict.kind === "right") device.mostRows = verdict.rows;
  if (use) return { adapter, verdict, reason, device };
  await device.close();
  return { adapter, verdict, reason };
}

const outdated = ({ path }: ModelFolder, missing: string) =>
  new UserError(
    "model-invalid",
    `${path} has no ${missing}: it was converted before sdar-chat knew WebGPU. Convert the checkpoint again, or run with --device cpu.`,
  );
