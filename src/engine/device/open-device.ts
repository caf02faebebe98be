import { access } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../../errors.ts";
import type { ModelFolder } from "../../model/index.ts";
import type { EngineOptions } from "../engine.ts";
import { FallbackGraph } from "../graph/fallback-graph.ts";
import type { Graph } from "../graph/graph.ts";
import { openGraph } from "../graph/onnx-graph.ts";
import { deviceFiles, openAdapter } from "../graph/webgpu-graph.ts";
import { hasGpu, type Adapter } from "./adapters.ts";
import { DeviceCheck } from "./device-check.ts";
import { chooseDevice, memoryNeeded, refusalOf, type DeviceChoice } from "./device-choice.ts";
import type { Verdict } from "./verdicts.ts";

/** A model on a device, and why on that one. */
export interface OpenedDevice {
  readonly graph: Graph;
  /** a sentence */
  readonly reason: string;
  /** the GPU, where one was opened */
  readonly adapter?: Adapter;
  /** how it did in its check, where there was one */
  readonly check?: Verdict;
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
  const missing = await missingFile(folder);
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

/** @throws UserError engine (no adapter, not enough memory), model-invalid */
async function openGpu(folder: ModelFolder, options: EngineOptions): Promise<OpenedDevice> {
  const { adapter, load, close } = await openAdapter(folder, mostRows);
  const named = options.device === "webgpu";
  const cpu = async () => await openGraph(folder, options);
  const choose = (verdict: Verdict) => chooseDevice(verdict, adapter, folder.config, named);
  const check = new DeviceCheck(folder, options, adapter);
  const known = check.recall();
  const refusal = named ? undefined : refusalOf(adapter, memoryNeeded(folder));
  // What speaks against a device is heard before the weights go there.
  const against = refusal ?? (known && reasonAgainst(choose(known)));
  if (against !== undefined) {
    await close();
    return { graph: await cpu(), adapter, reason: against, ...(known && { check: known }) };
  }
  const { device, verdict } = await check.load(load, known);
  const { use, reason } = choose(verdict);
  if (!use) await device.close();
  else if (verdict.kind === "right") device.mostRows = verdict.rows;
  return { graph: use ? new FallbackGraph(device, cpu) : await cpu(), adapter, check: verdict, reason };
}

const reasonAgainst = ({ use, reason }: DeviceChoice) => (use ? undefined : reason);

async function missingFile({ path }: ModelFolder): Promise<string | undefined> {
  for (const name of deviceFiles) {
    const there = await access(join(path, name)).then(
      () => true,
      () => false,
    );
    if (!there) return name;
  }
  return undefined;
}

const outdated = ({ path }: ModelFolder, missing: string) =>
  new UserError(
    "model-invalid",
    `${path} has no ${missing}: it was converted before sdar-chat knew WebGPU. Convert the checkpoint again, or run with --device cpu.`,
  );
