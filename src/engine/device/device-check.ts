import { messageOf } from "../../errors.ts";
import { isRunning } from "../../is-running.ts";
import type { ModelFolder } from "../../model/index.ts";
import type { EngineOptions } from "../engine.ts";
import type { Graph } from "../graph/graph.ts";
import { lacksHalf } from "../graph/graph-errors.ts";
import { openReferenceGraph } from "../graph/onnx-graph.ts";
import { deviceFilesOf, provenRows, runtimeVersion, type OpenedAdapter } from "../graph/webgpu-adapter.ts";
import type { DeviceFloats } from "../graph/webgpu-cache.ts";
import type { WebGpuGraph } from "../graph/webgpu-graph.ts";
import type { Adapter } from "./adapters.ts";
import { passTimes } from "./pass-times.ts";
import { checkDevice, type CheckResult } from "./self-check.ts";
import { DeviceMemory, type PassTimes, type Verdict } from "./verdicts.ts";

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

  /**
   * What is remembered or, where that does not suffice, what the device computes now.
   * @param cpu measures the CPU, which someone may choose instead
   * @throws UserError as `open`
   */
  async verdict(load: OpenedAdapter["load"], cpu: () => Promise<PassTimes>): Promise<Verdict> {
    const known = this.#recall();
    if (known !== undefined) return known;
    const device = await this.open(load);
    try {
      return await this.#examined(device, cpu);
    } finally {
      await device.close();
    }
  }

  /** Loads the model for the device. @throws UserError model-invalid, engine (not enough memory) */
  async open(load: OpenedAdapter["load"]): Promise<WebGpuGraph> {
    return await this.#memory.attempt(this.#key, async () => await load(this.floats));
  }

  remember(verdict: Verdict): void {
    this.#memory.remember(this.#key, verdict);
  }

  /** The CPU's times are measured only where someone chooses by them. */
  #recall(): Verdict | undefined {
    const { device, deviceCheck } = this.#options;
    if (deviceCheck === "anew") return undefined;
    const marked = this.#memory.recall(this.#key);
    // A mark with this process's own number is a dead one's that had it before: in a container they come again.
    const isUnderWay = marked?.kind === "begun" && marked.pid !== process.pid && isRunning(marked.pid);
    const known = isUnderWay ? marked.before : marked;
    const lacksTimes = known?.kind === "right" && known.cpu.length === 0;
    return device === "auto" && lacksTimes ? undefined : known;
  }

  /** A failure is not remembered: it may do better another time, with more memory left. */
  async #examined(device: Graph, cpu: () => Promise<PassTimes>): Promise<Verdict> {
    try {
      const verdict = await this.#memory.attempt(this.#key, async () => await this.#examine(device, cpu));
      this.remember(verdict);
      return verdict;
    } catch (error) {
      const why = lacksHalf(error) ? "it has no 16-bit floats" : `its check failed: ${messageOf(error)}`;
      return { kind: "wrong", why };
    }
  }

  /** Measures the device first: one without 16-bit floats fails there, before a reference is loaded. */
  async #examine(device: Graph, cpu: () => Promise<PassTimes>): Promise<Verdict> {
    const { config } = this.#folder;
    const times = await passTimes(device, config);
    const { divergence, wrongTokens, rows } = await this.#compare(device);
    if (rows === 0) {
      const nats = divergence.toPrecision(2);
      const why = `its numbers are wrong: ${nats} nats from the reference, ${wrongTokens} other tokens`;
      return { kind: "wrong", why };
    }
    const besideCpu = this.#options.device === "auto" || this.#options.deviceCheck === "anew";
    return { kind: "right", rows, divergence, device: times, cpu: besideCpu ? await cpu() : [] };
  }

  async #compare(device: Graph): Promise<CheckResult> {
    const reference = await openReferenceGraph(this.#folder, this.#options);
    try {
      return await checkDevice(device, reference, this.#folder.config, provenRows);
    } finally {
      await reference.close();
    }
  }
}

/** Another number where the check became stricter: what an older one found counts no more. */
const checkRevision = 2;

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
  const check = `check ${checkRevision}`;
  return [adapter.name, adapter.driver, runtimeVersion, check, threads, ...files].join(" ");
}
