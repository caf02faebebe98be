import { setImmediate as nextTurn } from "node:timers/promises";
import type { ModelConfig } from "../model/index.ts";
import { forbidTelemetry } from "../no-telemetry.ts";
import { channel } from "./channel.ts";
import { Dial, type LookUpChances } from "./auto/dial.ts";
import type { Engine, EngineInfo, EngineOptions, GenerateRequest } from "./engine.ts";
import type { EngineEvent } from "./events.ts";
import { generate } from "./decoding/generate.ts";
import type { Chain } from "./graph/chain.ts";
import { checkSettings } from "./knobs.ts";
import type { OpenedDevice } from "./device/open-device.ts";
import { RecordedSettings, recordedSteps, type Asking } from "./recorded-settings.ts";
import { Session } from "./decoding/session.ts";
import type { DecodingSettings } from "./settings.ts";
import { Turns } from "./turns.ts";
import { traceSpeculation, type SpeculativeTrace } from "./decoding/speculative-trace.ts";
import { trace, type Trace, type TraceRequest } from "./decoding/trace.ts";

/**
 * Loads a model into this process. A pass blocks the thread: for a program with a screen see openEngineProcess.
 * @throws UserError model-missing, model-invalid, engine
 */
export async function openEngine(folder: string, options: EngineOptions): Promise<LocalEngine> {
  const started = performance.now();
  const { config, graph, reason, adapter, check } = await openModelGraph(folder, options);
  const chain = await openChain(folder, config).catch(async (error: unknown) => {
    await graph.close();
    throw error;
  });
  const loadMilliseconds = performance.now() - started;
  const { device, threads } = graph;
  const where = {
    device,
    deviceReason: reason,
    threads,
    ...(adapter === undefined ? {} : { adapter }),
    ...(check === undefined ? {} : { deviceCheck: check }),
  };
  return new LocalEngine({ model: config, ...where, loadMilliseconds }, new Session(config, graph, chain));
}

/**
 * Loads only the graph, to run passes of one's own.
 * @throws UserError model-missing, model-invalid, engine
 */
export async function openModelGraph(
  folder: string,
  options: EngineOptions,
): Promise<OpenedDevice & { readonly config: ModelConfig }> {
  // Imported here, so that what only knows the settings, or speaks to an engine's process, loads neither library.
  const { loadModelFolder } = await import("../model/index.ts");
  forbidTelemetry();
  const { openDevice } = await import("./device/open-device.ts");
  const whole = await loadModelFolder(folder);
  return { config: whole.config, ...(await openDevice(whole, options)) };
}

/**
 * Loads the head that chains a model's guesses, if it has one.
 * @throws UserError model-invalid, engine
 */
export async function openChain(
  folder: string,
  config: Pick<ModelConfig, "architecture">,
): Promise<Chain | undefined> {
  if (config.architecture.chainWidth === undefined) return undefined;
  forbidTelemetry();
  const { loadChain } = await import("./graph/chain.ts");
  return await loadChain(folder);
}

type Emit = (events: readonly EngineEvent[]) => void;

/** A generation that runs or waits: what others may still do to it. */
interface Running {
  settings: DecodingSettings;
  cancelled: boolean;
  /** of the answer that is decoded again, as long as nothing was changed */
  recorded: RecordedSettings | undefined;
}

function begun({ settings, again }: GenerateRequest): Running {
  const recorded = again === undefined ? undefined : new RecordedSettings(again, settings);
  return { settings, cancelled: false, recorded };
}

export class LocalEngine implements Engine {
  readonly #info: EngineInfo;
  readonly #session: Session;
  readonly #running = new Set<Running>();
  readonly #turns = new Turns();
  readonly #dial: Dial;
  #closed = false;

  constructor(info: EngineInfo, session: Session) {
    this.#info = info;
    this.#session = session;
    this.#dial = new Dial(session);
  }

  get info(): EngineInfo {
    const { device, threads } = this.#session.graph;
    return { ...this.#info, device, threads };
  }

  generate(request: GenerateRequest): AsyncIterable<EngineEvent> {
    const running = begun(request);
    return channel<EngineEvent>(
      (push) => this.#begin(request, running, push),
      () => (running.cancelled = true),
    );
  }

  /** As `generate`, but hands over the events of a pass at once. @throws UserError */
  async generateInto(request: GenerateRequest, emit: Emit): Promise<void> {
    await this.#begin(request, begun(request), emit);
  }

  /**
   * Decodes again what was recorded: as many passes, and the settings of each as they were then. On the device, in the
   * floats and with the weights of the recording it says the same, times left out. It finishes with reason "aborted" where the
   * recording breaks off.
   */
  repeat(request: GenerateRequest, recorded: readonly EngineEvent[]): AsyncIterable<EngineEvent> {
    const again = { ...request, again: recordedSteps(recorded) };
    const running = begun(again);
    const isOver = () => running.recorded?.isOver === true;
    return channel<EngineEvent>(
      (push) => this.#begin(again, running, push, isOver),
      () => (running.cancelled = true),
    );
  }

  adjust(change: Partial<DecodingSettings>): void {
    checkSettings(change);
    for (const running of this.#running) {
      running.settings = { ...running.settings, ...change };
      running.recorded = undefined;
    }
  }

  /** Decodes with a remasking strategy by the golden traces' loop: see trace.ts. */
  async trace(request: TraceRequest): Promise<Trace> {
    checkSettings(request.settings);
    return await this.#turns.run(() => trace(this.#session.withRowsApart(), request));
  }

  /** The same with self_speculative: see speculative-trace.ts. */
  async traceSpeculation(request: TraceRequest): Promise<SpeculativeTrace> {
    checkSettings(request.settings);
    return await this.#turns.run(() => traceSpeculation(this.#session.withRowsApart(), request));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#turns.idle();
    await this.#session.close();
  }

  /** Takes a generation's turn. Knobs turned from now on count for it, also while it waits. */
  async #begin(
    request: GenerateRequest,
    running: Running,
    emit: Emit,
    isOver: () => boolean = () => false,
  ): Promise<void> {
    this.#running.add(running);
    try {
      await this.#turns.run(() => this.#run(request, running, emit, isOver));
    } finally {
      this.#running.delete(running);
    }
  }

  async #run(request: GenerateRequest, running: Running, emit: Emit, isOver: () => boolean): Promise<void> {
    // recorded ones too: they may come from a file
    for (const { settings } of [request, ...(request.again ?? [])]) checkSettings(settings);
    if (this.#closed) throw new Error("the engine is closed");
    await generate(this.#session, request, {
      settings: (asking, lookUpChances) => this.#settings(asking, running, lookUpChances),
      hear: (event) => this.#dial.hear(event),
      emit,
      proceed: async () => {
        await nextTurn();
        const isWanted = !running.cancelled && !this.#closed && request.signal?.aborted !== true;
        return isWanted && !isOver();
      },
    });
  }

  #settings(asking: Asking, { recorded, settings }: Running, lookUpChances: LookUpChances): DecodingSettings {
    if (recorded !== undefined && (asking === "end" || !recorded.isOver)) return recorded.settings(asking);
    return this.#dial.settings(asking, settings, lookUpChances);
  }
}
