import { resolve } from "node:path";
import { channel } from "../channel.ts";
import { ChildHandle, graceMilliseconds } from "./child-handle.ts";
import type { Engine, EngineInfo, EngineOptions, GenerateRequest } from "../engine.ts";
import type { DeviceChanged, EngineEvent } from "../events.ts";
import { hasGpu } from "../device/adapters.ts";
import { checkSettings } from "../knobs.ts";
import { formOf } from "../rows/forms.ts";
import type { DecodingSettings } from "../settings.ts";
import { Turns } from "../turns.ts";
import { ResumableAnswer } from "./resumable-answer.ts";

/**
 * Loads a model into a process of its own, so that this one stays responsive and outlives the engine's failures: a
 * generation whose process dies is rejected, and the next one starts another process.
 * @throws UserError model-missing, model-invalid, engine
 */
export async function openEngineProcess(folder: string, options: EngineOptions): Promise<ProcessEngine> {
  const path = resolve(folder);
  const child = new ChildHandle();
  try {
    return new ProcessEngine(path, options, child, await child.open(path, options));
  } catch (error) {
    // before it is stopped: one that lives to tell of an error was not ended by a driver
    const wasDriver = options.device === "auto" && hasGpu() && !child.alive;
    await child.stop();
    if (!wasDriver) throw error;
    const onCpu = { ...options, device: "cpu" } as const;
    const next = new ChildHandle();
    const info = await opened(next, path, onCpu);
    return new ProcessEngine(path, onCpu, next, { ...info, deviceReason: fellAtStart });
  }
}

const fellAtStart =
  "The engine ended while it opened a GPU, so the CPU computes. `sdar-chat doctor --gpu` tries the GPU again.";
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
  #options: EngineOptions;
  #child: ChildHandle;
  readonly #turns = new Turns();
  /** what is decoded now */
  #answer: ResumableAnswer | undefined;
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
    this.#child.send({ type: "adjust", change: this.#answer?.adjust(change) ?? change });
  }

  kill(): void {
    this.#child.kill();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const impatience = setTimeout(() => this.#child.kill(), graceMilliseconds);
    await this.#turns.idle();
    clearTimeout(impatience);
    await this.#child.stop();
  }

  async #run(
    request: Omit<GenerateRequest, "signal">,
    signal: AbortSignal,
    emit: (events: readonly EngineEvent[]) => void,
  ): Promise<void> {
    if (this.#closing.signal.aborted) throw new Error("the engine is closed");
    const abort = () => this.#child.send({ type: "abort" });
    signal.addEventListener("abort", abort);
    const answer = new ResumableAnswer(request, formOf(this.info.model));
    this.#answer = answer;
    try {
      for (let isDone = false; !isDone;) {
        const moved = await this.#revive();
        if (moved !== undefined) emit([moved]);
        isDone = await this.#decode(answer, signal, emit);
      }
    } finally {
      this.#answer = undefined;
      signal.removeEventListener("abort", abort);
    }
  }

  /** @returns false if a GPU's driver ended the process: another one is to go on */
  async #decode(
    answer: ResumableAnswer,
    { aborted }: AbortSignal,
    emit: (events: readonly EngineEvent[]) => void,
  ): Promise<boolean> {
    const child = this.#child;
    try {
      await child.generate({ ...answer.begin(), aborted }, (events) => {
        for (const event of events) if (event.type === "device_changed") this.#moved(event);
        emit(answer.hear(events));
      });
      return true;
    } catch (error) {
      if (child.alive || child.killed || this.info.device === "cpu") throw error;
      return false;
    }
  }

  /** The next process is not to try again what failed in this one. */
  #moved({ device, reason }: DeviceChanged): void {
    this.#options = { ...this.#options, device };
    this.info = { ...this.info, device, deviceReason: reason };
  }

  /** A process that ended on a GPU may have been ended by its driver: the next one computes on the CPU. */
  async #revive(): Promise<DeviceChanged | undefined> {
    if (this.#child.alive) return undefined;
    const isNews = this.info.device !== "cpu";
    if (isNews) {
      this.#options = { ...this.#options, device: "cpu" };
      this.info = { ...this.info, deviceReason: leftGpu };
    }
    const { deviceReason } = this.info;
    this.#child = new ChildHandle();
    const info = await opened(this.#child, this.#folder, this.#options);
    this.info = this.#options.device === "cpu" ? { ...info, deviceReason } : info;
    return isNews ? { type: "device_changed", device: "cpu", reason: leftGpu } : undefined;
  }
}
