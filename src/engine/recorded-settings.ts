import type { EngineEvent } from "./events.ts";
import type { DecodingSettings } from "./settings.ts";

/** What a generation is about to do when it asks for the settings. */
export type Asking = "block" | "pass" | "end";

/**
 * Gives a generation the settings that were in force when it was recorded: those of each block as it is opened, and of
 * each pass. Changes made in mid-answer so take effect where they did then.
 */
export class RecordedSettings {
  readonly #entries: readonly { readonly asking: Asking; readonly settings: DecodingSettings }[];
  readonly #began: DecodingSettings;
  #next = 0;

  constructor(events: readonly EngineEvent[], began: DecodingSettings) {
    this.#began = began;
    this.#entries = events.flatMap((event) => {
      if (event.type === "block_opened") return { asking: "block" as const, settings: event.settings };
      return event.type === "denoised" ? { asking: "pass" as const, settings: event.settings } : [];
    });
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
