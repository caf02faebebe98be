import { messageOf, UserError } from "../../errors.ts";
import type { ModelFolder } from "../../model/index.ts";
import type { EngineOptions } from "../engine.ts";
import type { Graph } from "../graph/graph.ts";
import { openGraph } from "../graph/onnx-graph.ts";
import { missingFile } from "../graph/webgpu-adapter.ts";
import { hasGpu, type Adapter } from "./adapters.ts";
import { openGpu } from "./open-gpu.ts";
import type { Examination } from "./verdicts.ts";

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

const outdated = ({ path }: ModelFolder, missing: string) =>
  new UserError(
    "model-invalid",
    `${path} has no ${missing}: it was converted before sdar-chat knew WebGPU. Convert the checkpoint again, or run with --device cpu.`,
  );
