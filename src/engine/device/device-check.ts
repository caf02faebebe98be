import { messageOf } from "../../errors.ts";
import { isRunning } from "../../is-running.ts";
import type { ModelFolder } from "../../model/index.ts";
import type { EngineOptions } from "../engine.ts";
import type { Graph } from "../graph/graph.ts";
import { lacksHalf } from "../graph/graph-errors.ts";
import { openGraph, openReferenceGraph } from "../graph/onnx-graph.ts";
import { deviceFilesOf, provenRows, runtimeVersion, type OpenedAdapter } from "../graph/webgpu-adapter.ts";
import type { DeviceFloats } from "../graph/webgpu-cache.ts";
import type { WebGpuGraph } from "../graph/webgpu-graph.ts";
import type { Adapter } from "./adapters.ts";
import { passTimes } from "./pass-times.ts";
import { checkDevice } from "./self-check.ts";
import { DeviceMemory, type Verdict } from "./verdicts.ts";

/** How a device does with a model in some floats: remembered, or found out by having it compute. */
export class DeviceCheck {
  readonly #folder: ModelFolder;
  readonly #options: EngineOptions;
  readonly #memory: DeviceMemory;
  readonly #key: string;
  readonly floats: DeviceFloats;

  constructor(folder: ModelFolder, options: EngineOptions, adapter: Adapter, floats: DeviceFloats) {
    this.#folder = folder;
    this.#options = options;
    this.#memory = new DeviceMemory(options.deviceMemory);
    this.floats = floats;
    this.#key = keyOf(adapter, folder, options, floats);
  }

  /** What is remembered or, where that does not suffice, what the device computes now. @throws UserError as `open` */
  async verdict(load: OpenedAdapter["load"]): Promise<Verdict> {
    const known = this.#recall();
    if (known !== undefined) return known;
    const device = await this.open(load);
    try {
      return await this.#examined(device);
    } finally {
      await device.close();
    }
  }

  /** Loads the model for the device. @throws UserError model-invalid, engine (not enough memory) */
  async open(load: OpenedAdapter["load"]): Promise<WebGpuGraph> {
    return await this.#memory.attempt(this.#key, async () => await load(this.floats));
  }

  /** The CPU's times are measured only where someone chooses by them. */
  #recall(): Verdict | undefined {
    const { device, deviceCheck } = this.#options;
    if (deviceCheck === "anew") return undefined;
    const known = this.#memory.recall(this.#key);
    const lacksTimes = known?.kind === "right" && known.cpu.length === 0;
    const isUnderWay = known?.kind === "begun" && isRunning(known.pid);
    return isUnderWay || (device === "auto" && lacksTimes) ? undefined : known;
  }

  async #examined(device: Graph): Promise<Verdict> {
    try {
      return this.#remembered(
        await this.#memory.attempt(this.#key, () => examine(this.#folder, this.#options, device)),
      );
    } catch (error) {
      if (lacksHalf(error)) return this.#remembered({ kind: "wrong", why: "it has no 16-bit floats" });
      // not remembered: it may do better another time, with more memory left
      return { kind: "wrong", why: `its check failed: ${messageOf(error)}` };
    }
  }

  #remembered(verdict: Verdict): Verdict {
    this.#memory.remember(this.#key, verdict);
    return verdict;
  }
}

/** Has the device compute fixed passes and measures it, beside the CPU where someone chooses by that. */
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
  const besideCpu = options.device === "auto" || options.deviceCheck === "anew";
  const right = { kind: "right", rows, divergence, device: await passTimes(device, folder.config) } as const;
  if (!besideCpu) return { ...right, cpu: [] };
  const cpu = await openGraph(folder, options);
  const times = await passTimes(cpu, folder.config);
  await cpu.close();
  return { ...right, cpu: times };
}

/** All that numbers and times may depend on. */
function keyOf(
  adapter: Adapter,
  { checksums }: ModelFolder,
  { threads }: EngineOptions,
  floats: DeviceFloats,
): string {
  const files = ["model.onnx.data", "model.onnx", ...deviceFilesOf(floats)].map((file) =>
    checksums.get(file)?.slice(0, 16),
  );
  return [adapter.name, adapter.driver, runtimeVersion, threads, ...files].join(" ");
}
