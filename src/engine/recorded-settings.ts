import type { EngineEvent } from "./events.ts";
import type { DecodingSettings } from "./settings.ts";

/** What a generation is about to do when it asks for the settings. */
export type Asking = "block" | "pass" | "end";

/** Settings that were in force as a block was opened or a pass was run. */
export interface RecordedStep {
  readonly asking: "block" | "pass";
  readonly settings: DecodingSettings;
}

/** What has to be known of an answer to decode it again by the same passes. */
export function recordedSteps(events: readonly EngineEvent[]): RecordedStep[] {
  return events.flatMap((event): RecordedStep[] => {
    if (event.type === "block_opened") return [{ asking: "block", settings: event.settings }];
    return event.type === "denoised" ? [{ asking: "pass", settings: event.settings }] : [];
  });
}

/**
 * Gives a generation the settings that were in force when it was recorded: those of each block as it is opened, and of
 * each pass. Changes made in mid-answer, by hand or by the dial, so take effect where they did then.
 */
export class RecordedSettings {
  readonly #entries: readonly RecordedStep[];
  readonly #began: DecodingSettings;
  #next = 0;

  constructor(steps: readonly RecordedStep[], began: DecodingSettings) {
    this.#began = began;
    this.#entries = steps;
  }

  /** No pass was recorded beyond those that were asked for. */
  get isOver(): boolean {
    return !this.#entries.slice(this.#next).some(({ asking }) => asking === "pass");
  }

  /** Where the decoding goes another way than it did, the settings before count on. */
  settings(asking: Asking): DecodingSettings {
    const now = this.#entries[this.#next - 1]?.settings ?? this.#began;
    const next = this.#entries[this.#next];
    if (asking === "end")
      return { ...now, maxTokens: Math.max(now.maxTokens, next?.settings.maxTokens ?? 0) };
    if (next?.asking !== asking) return now;
    this.#next++;
    return next.settings;
  }
}
