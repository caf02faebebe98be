import type { ModelConfig } from "../model/index.ts";
import type { Adapter } from "./device/adapters.ts";
import type { Examination } from "./device/verdicts.ts";
import type { EngineEvent } from "./events.ts";
import type { RecordedStep } from "./recorded-settings.ts";
import type { DecodingSettings } from "./settings.ts";

/** Where passes run: the processor, or a GPU of any maker through WebGPU (Vulkan, D3D12, Metal). */
export const devices = ["cpu", "webgpu"] as const;

export type Device = (typeof devices)[number];

export interface EngineOptions {
  /** "auto": a GPU if it computes right and faster than the CPU, else that */
  readonly device: "auto" | Device;
  /** threads of a pass; 0: one a physical core */
  readonly threads: number;
  /** file that remembers how devices did in their check; absent: they are checked at every start */
  readonly deviceMemory?: string;
  /** "anew": check a device and measure its passes whatever is remembered; for a report */
  readonly deviceCheck?: "anew";
}

export interface GenerateRequest {
  /** the whole prompt, 1 or more ids; the engine finds by itself what its cache already holds */
  readonly promptIds: readonly number[];
  /** block ends of the prompt's decoded parts, as `finished.borders` gave them; the rest is cut at multiples */
  readonly borders?: readonly number[];
  /**
   * cached tokens to use at most. An answer is repeated to the bit only if its prompt is computed by the same passes:
   * give back `prefilled.reusedTokens`. Default: all that fit
   */
  readonly reuse?: number;
  readonly settings: DecodingSettings;
  /**
   * Steps of an answer that is decoded again (recordedSteps): their settings count, until they are used up or a knob
   * is turned
   */
  readonly again?: readonly RecordedStep[];
  /** default: the model's own */
  readonly stopTokenIds?: readonly number[];
  /** ends the generation within one pass; it then finishes with reason "aborted" */
  readonly signal?: AbortSignal;
}

/** What runs where, for a banner or a report. */
export interface EngineInfo {
  readonly model: ModelConfig;
  readonly device: Device;
  /** why that one: a sentence */
  readonly deviceReason: string;
  /** the GPU, where one was opened */
  readonly adapter?: Adapter;
  /** how it did in its check */
  readonly deviceCheck?: Examination;
  /** of the CPU; 0 where a GPU computes */
  readonly threads: number;
  /** time to read the weights and build the session */
  readonly loadMilliseconds: number;
}

/** A loaded model. One generation at a time; the cache of one serves the next. */
export interface Engine {
  readonly info: EngineInfo;
  /**
   * Decodes until a stop token, a limit or the signal. The events of a pass come together, and passes never wait
   * for the reader.
   * @throws UserError context-full if the prompt leaves no room for a token
   */
  generate(request: GenerateRequest): AsyncIterable<EngineEvent>;
  /**
   * Changes settings of the running generation, also before its first pass; see DecodingSettings for when each takes
   * effect.
   */
  adjust(change: Partial<DecodingSettings>): void;
  /**
   * Ends at once what runs, even where it hangs: the generation is rejected, the next one loads the model again.
   * Absent where the engine runs in this process.
   */
  kill?(): void;
  close(): Promise<void>;
}
