import { access } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../../errors.ts";
import type { ModelFolder } from "../../model/index.ts";
import { hasGpu, type Adapter } from "./adapters.ts";
import { chooseDevice, memoryNeeded } from "./device-choice.ts";
import { DeviceMemory, type Verdict } from "./verdicts.ts";
import type { EngineOptions } from "../engine.ts";
import { FallbackGraph } from "../graph/fallback-graph.ts";
import type { Graph } from "../graph/graph.ts";
import { openGraph, openReferenceGraph } from "../graph/onnx-graph.ts";
import { passTimes } from "./pass-times.ts";
import { checkDevice } from "./self-check.ts";
import { deviceFiles, openAdapter, provenRows, runtimeVersion } from "../graph/webgpu-graph.ts";

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
  const refusal = named ? undefined : refusalOf(adapter, memoryNeeded(folder));
  if (refusal !== undefined) {
    await close();
    return { graph: await openGraph(folder, options), adapter, reason: refusal };
  }
  const device = await load();
  const check = await checkOf(folder, options, adapter, device);
  const { use, reason } = chooseDevice(check, adapter, folder.config, named);
  if (!use) await device.close();
  else if (check.kind === "right") device.mostRows = check.rows;
  const cpu = async () => await openGraph(folder, options);
  return { graph: use ? new FallbackGraph(device, cpu) : await cpu(), adapter, check, reason };
}

/** How the device does with this model: as it is remembered, or by having it compute. */
async function checkOf(
  folder: ModelFolder,
  options: EngineOptions,
  adapter: Adapter,
  device: Graph,
): Promise<Verdict> {
  const memory = new DeviceMemory(options.deviceMemory);
  const key = keyOf(adapter, folder, options);
  const known = usable(memory.recall(key), options);
  if (known !== undefined) return known;
  memory.remember(key, { kind: "begun" });
  try {
    const verdict = await examine(folder, options, device);
    memory.remember(key, verdict);
    return verdict;
  } catch (error) {
    memory.forget(key); // it may do better another time, with more memory left
    return { kind: "wrong", why: `its check failed: ${messageOf(error)}` };
  }
}

/** What is remembered, if it says what is needed: times are measured only where someone chooses by them. */
function usable(known: Verdict | undefined, { device, deviceCheck }: EngineOptions): Verdict | undefined {
  if (deviceCheck === "anew") return undefined;
  const lacksTimes = known?.kind === "right" && known.device.length === 0;
  return device === "auto" && lacksTimes ? undefined : known;
}

function refusalOf(adapter: Adapter, needed: number): string | undefined {
  if (adapter.software)
    return `${adapter.name} computes in software, which is slower than the CPU's own graph.`;
  const { memoryBytes = Infinity, name } = adapter;
  if (needed <= memoryBytes) return undefined;
  const [has, wants] = [memoryBytes, needed].map((bytes) => `${(bytes / 1e9).toFixed(1)} GB`);
  return `${name} has ${has} of memory and this model needs ${wants}.`;
}

/** Has the device compute fixed passes and, where someone chooses by it, measures it beside the CPU. */
async function examine(folder: ModelFolder, options: EngineOptions, device: Graph): Promise<Verdict> {
  const reference = await openReferenceGraph(folder, options);
  const result = await checkDevice(device, reference, folder.config, provenRows);
  await reference.close();
  const { divergence, wrongTokens, rows } = result;
  if (rows === 0) {
    const nats = divergence.toPrecision(2);
    const why = `its numbers are wrong: ${nats} nats from the reference, ${wrongTokens} other tokens`;
    return { kind: "wrong", why };
  }
  const wantsTimes = options.device === "auto" || options.deviceCheck === "anew";
  if (!wantsTimes) return { kind: "right", rows, divergence, device: [], cpu: [] };
  const cpu = await openGraph(folder, options);
  const times = { device: await passTimes(device, folder.config), cpu: await passTimes(cpu, folder.config) };
  await cpu.close();
  return { kind: "right", rows, divergence, ...times };
}

/** All that numbers and times may depend on. */
function keyOf(adapter: Adapter, { checksums }: ModelFolder, { threads }: EngineOptions): string {
  const files = ["model.onnx.data", "model.onnx", ...deviceFiles].map((file) =>
    checksums.get(file)?.slice(0, 16),
  );
  return [adapter.name, adapter.driver, runtimeVersion, threads, ...files].join(" ");
}

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
