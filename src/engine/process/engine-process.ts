import { resolve } from "node:path";
import { channel } from "../channel.ts";
import { ChildHandle } from "./child-handle.ts";
import type { Engine, EngineInfo, EngineOptions, GenerateRequest } from "../engine.ts";
import type { DeviceChanged, EngineEvent } from "../events.ts";
import { hasGpu } from "../device/adapters.ts";
import { checkSettings } from "../knobs.ts";
import type { DecodingSettings } from "../settings.ts";
import { Turns } from "../turns.ts";

/**
 * Loads a model into a process of its own, so that this one stays responsive and outlives the engine's failures: a
 * generation whose process dies is rejected, and the next one starts another process.
 * @throws UserError model-missing, model-invalid, engine
 */
export async function openEngineProcess(folder: string, options: EngineOptions): Promise<ProcessEngine> {
  const path = resolve(folder);
  const child = new ChildHandle();
  try {
    return new ProcessEngine(path, options, child, await opened(child, path, options));
  } catch (error) {
    const wasDriver = options.device === "auto" && hasGpu() && !child.alive;
    if (!wasDriver) throw error;
    return await openEngineProcess(folder, { ...options, device: "cpu" });
  }
}

const leftGpu = "The engine ended while a GPU computed; from now on the CPU does.";

async function opened(child: ChildHandle, folder: string, options: EngineOptions): Promise<EngineInfo> {
  try {
    return await child.open(folder, options);
  } catch (error) {
    await child.stop();
    throw error;
  }
}

export class ProcessEngine implements Engine {
  info: EngineInfo;
  readonly #folder: string;
  readonly #options: EngineOptions;
  #child: ChildHandle;
  readonly #turns = new Turns();
  readonly #closing = new AbortController();

  constructor(folder: string, options: EngineOptions, child: ChildHandle, info: EngineInfo) {
    this.#folder = folder;
    this.#options = options;
    this.#child = child;
    this.info = info;
  }

  /** The present process; another one after that has died. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  generate({ signal, ...request }: GenerateRequest): AsyncIterable<EngineEvent> {
    const left = new AbortController();
    const signals = [left.signal, this.#closing.signal, ...(signal ? [signal] : [])];
    return channel<EngineEvent>(
      (push) => this.#turns.run(() => this.#run(request, AbortSignal.any(signals), push)),
      () => left.abort(),
    );
  }

  adjust(change: Partial<DecodingSettings>): void {
    checkSettings(change);
    this.#child.send({ type: "adjust", change });
  }

  kill(): void {
    this.#child.kill();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#turns.idle();
    await this.#child.stop();
  }

  async #run(
    request: Omit<GenerateRequest, "signal">,
    signal: AbortSignal,
    emit: (events: readonly EngineEvent[]) => void,
  ): Promise<void> {
    if (this.#closing.signal.aborted) throw new Error("the engine is closed");
    const moved = await this.#revive();
    if (moved !== undefined) emit([moved]);
    const child = this.#child;
    const abort = () => child.send({ type: "abort" });
    signal.addEventListener("abort", abort);
    try {
      await child.generate({ ...request, aborted: signal.aborted }, (events) => {
        for (const event of events) if (event.type === "device_changed") this.#moved(event);
        emit(events);
      });
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  #moved({ device, reason }: DeviceChanged): void {
    this.info = { ...this.info, device, deviceReason: reason };
  }

  /** A process that ended on a GPU may have been ended by its driver: the next one computes on the CPU. */
  async #revive(): Promise<DeviceChanged | undefined> {
    if (this.#child.alive) return undefined;
    const leaves = this.info.device !== "cpu" || this.info.deviceReason === leftGpu;
    this.#child = new ChildHandle();
    const options: EngineOptions = leaves ? { ...this.#options, device: "cpu" } : this.#options;
    const info = await opened(this.#child, this.#folder, options);
    const isNews = this.info.device !== "cpu";
    this.info = leaves ? { ...info, deviceReason: leftGpu } : info;
    return isNews ? { type: "device_changed", device: "cpu", reason: leftGpu } : undefined;
  }
}
