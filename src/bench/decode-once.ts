import type { DecodingSettings, Denoised, Engine, EngineEvent, Finished } from "../engine/index.ts";

/** What one generation gave and took. */
export interface DecodingRun {
  readonly ids: readonly number[];
  readonly reason: Finished["reason"];
  /** kept tokens: the reply's, the stop token included, nothing behind it */
  readonly tokens: number;
  /** every pass after the prefill, commits included */
  readonly passes: number;
  readonly drafts: DraftCounts;
  readonly timed: TimedPasses;
  /** wall time from the request to the first finished block */
  readonly firstTextMilliseconds: number;
}

/**
 * The passes behind the first one. Up to 64 tokens of the prompt are rows of the first: it costs what the prompt does, and
 * would hide what decoding costs.
 */
export interface TimedPasses {
  /** kept tokens that they placed */
  readonly tokens: number;
  readonly passes: number;
  /** wall time */
  readonly milliseconds: number;
  /** of it, inside the passes: without messages and what happens between two passes */
  readonly passMilliseconds: number;
}

/** What became of the guesses that self_speculative checked. */
export interface DraftCounts {
  readonly checked: number;
  readonly accepted: number;
}

/** Decodes one prompt, whose cache is not reused, and measures it from the events and this process's clock. */
export async function decodeOnce(
  engine: Engine,
  promptIds: readonly number[],
  settings: DecodingSettings,
  signal?: AbortSignal,
): Promise<DecodingRun> {
  const started = performance.now();
  let first: { readonly event: Denoised; readonly end: number } | undefined;
  let firstText = Number.NaN;
  let passMilliseconds = 0;
  let drafts: DraftCounts = { checked: 0, accepted: 0 };
  for await (const event of engine.generate({ promptIds, settings, reuse: 0, ...(signal && { signal }) })) {
    const now = performance.now();
    if (event.type === "denoised") {
      if (first === undefined) first = { event, end: now };
      else passMilliseconds += event.milliseconds;
    }
    if (event.type === "block_finished" && Number.isNaN(firstText)) firstText = now - started;
    drafts = countDrafts(drafts, event);
    if (event.type !== "finished") continue;
    const { ids, reason } = event;
    const passes = event.passes.denoise + event.passes.commit;
    const before = first === undefined ? 0 : keptOf(first.event, promptIds.length + ids.length);
    return {
      ids,
      reason,
      tokens: ids.length,
      passes,
      drafts,
      timed: {
        tokens: ids.length - before,
        passes: Math.max(0, passes - 1),
        milliseconds: now - (first?.end ?? now),
        passMilliseconds,
      },
      firstTextMilliseconds: Number.isNaN(firstText) ? now - started : firstText,
    };
  }
  throw new Error("a generation ended without a finished event");
}

/** Tokens that a pass placed and that belong to the text: what stands behind its end is dropped. */
function keptOf({ slots }: Denoised, end: number): number {
  return slots.filter(({ unmasked, position }) => unmasked && position < end).length;
}

/** A window's pass places the drafts that stand and one token more. */
function countDrafts({ checked, accepted }: DraftCounts, event: EngineEvent): DraftCounts {
  if (event.type === "block_opened") return { checked: checked + (event.drafts?.length ?? 0), accepted };
  if (event.type !== "denoised" || event.settings.strategy !== "self_speculative")
    return { checked, accepted };
  const placed = event.slots.filter(({ unmasked }) => unmasked).length;
  return { checked, accepted: accepted + placed - 1 };
}
