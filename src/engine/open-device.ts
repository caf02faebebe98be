import { access } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../errors.ts";
import type { ModelFolder } from "../model/index.ts";
import { adapterInUse, hasGpu, type Adapter } from "./adapters.ts";
import { chooseDevice, memoryNeeded } from "./device-choice.ts";
import { DeviceMemory, type Verdict } from "./device-memory.ts";
import type { EngineOptions } from "./engine.ts";
import { FallbackGraph } from "./fallback-graph.ts";
import type { Graph } from "./graph.ts";
import { openGraph, openReferenceGraph } from "./onnx-graph.ts";
import { passTimes } from "./pass-times.ts";
import { checkDevice } from "./self-check.ts";
import { deviceFiles, openWebGpuGraph, provenRows, runtimeVersion } from "./webgpu-graph.ts";

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
  const opened = await tryWebGpu(folder);
  if (!("graph" in opened)) {
    if (options.device === "webgpu") throw opened;
    return await cpu(`The GPU can't be used: ${opened.message}`);
  }
  const { use, ...judged } = await judge(folder, options, opened.graph);
  if (use) return { graph: new FallbackGraph(opened.graph, () => openGraph(folder, options)), ...judged };
  await opened.graph.close();
  return { graph: await openGraph(folder, options), ...judged };
}

async function tryWebGpu(folder: ModelFolder): Promise<{ graph: MutableRows } | UserError> {
  try {
    return { graph: await openWebGpuGraph(folder, mostRows) };
  } catch (error) {
    return error instanceof UserError ? error : new UserError("engine", messageOf(error), { cause: error });
  }
}

type MutableRows = Awaited<ReturnType<typeof openWebGpuGraph>>;

/** Whether the device that the graph was opened on is to be used, and why. */
async function judge(folder: ModelFolder, options: EngineOptions, graph: MutableRows) {
  const adapter = adapterInUse();
  const named = options.device === "webgpu";
  const refusal = named ? undefined : refusalOf(adapter, memoryNeeded(folder));
  if (refusal !== undefined) return { adapter, reason: refusal, use: false };
  const memory = new DeviceMemory(options.deviceMemory);
  const key = keyOf(adapter, folder, options);
  const known = usable(memory.recall(key), options);
  const check = known ?? (await examine(folder, options, graph, (it) => memory.remember(key, it)));
  if (check.kind === "right") graph.mostRows = check.rows;
  return { adapter, check, ...chooseDevice(check, adapter, folder.config, named) };
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

/** Has the device compute fixed passes and, unless it was named, its time measured beside the CPU's. */
async function examine(
  folder: ModelFolder,
  options: EngineOptions,
  graph: Graph,
  remember: (verdict: Verdict) => void,
): Promise<Verdict> {
  remember({ kind: "begun" });
  const verdict = await verdictOn(folder, options, graph);
  remember(verdict);
  return verdict;
}

async function verdictOn(folder: ModelFolder, options: EngineOptions, graph: Graph): Promise<Verdict> {
  try {
    const reference = await openReferenceGraph(folder, options);
    const result = await checkDevice(graph, reference, folder.config, provenRows);
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
    const times = { device: await passTimes(graph, folder.config), cpu: await passTimes(cpu, folder.config) };
    await cpu.close();
    return { kind: "right", rows, divergence, ...times };
  } catch (error) {
    return { kind: "wrong", why: `its check failed: ${messageOf(error)}` };
  }
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
