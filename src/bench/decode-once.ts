import type { DecodingSettings, Engine, EngineEvent, Finished } from "../engine/index.ts";

/** What one generation gave and took. */
export interface DecodingRun {
  readonly ids: readonly number[];
  readonly reason: Finished["reason"];
  /** kept tokens: the reply's, the stop token included, nothing behind it */
  readonly tokens: number;
  /** every pass after the prefill, commits included */
  readonly passes: number;
  readonly drafts: DraftCounts;
  /** wall time of the passes after the prefill */
  readonly milliseconds: number;
  /** of it, inside the passes: without messages and what happens between two passes */
  readonly passMilliseconds: number;
  /** wall time from the request to the first finished block */
  readonly firstTextMilliseconds: number;
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
  let prefilled = started;
  let firstText = Number.NaN;
  let passMilliseconds = 0;
  let drafts: DraftCounts = { checked: 0, accepted: 0 };
  for await (const event of engine.generate({ promptIds, settings, reuse: 0, ...(signal && { signal }) })) {
    const now = performance.now();
    if (event.type === "prefilled") prefilled = now;
    if (event.type === "denoised") passMilliseconds += event.milliseconds;
    if (event.type === "block_finished" && Number.isNaN(firstText)) firstText = now - started;
    drafts = countDrafts(drafts, event);
    if (event.type !== "finished") continue;
    const { ids, reason, passes } = event;
    return {
      ids,
      reason,
      tokens: ids.length,
      passes: passes.denoise + passes.commit,
      drafts,
      milliseconds: now - prefilled,
      passMilliseconds,
      firstTextMilliseconds: Number.isNaN(firstText) ? now - started : firstText,
    };
  }
  throw new Error("a generation ended without a finished event");
}

/** A window's pass places the drafts that stand and one token more. */
function countDrafts({ checked, accepted }: DraftCounts, event: EngineEvent): DraftCounts {
  if (event.type === "block_opened") return { checked: checked + (event.drafts?.length ?? 0), accepted };
  if (event.type !== "denoised" || event.settings.strategy !== "self_speculative")
    return { checked, accepted };
  const placed = event.slots.filter(({ unmasked }) => unmasked).length;
  return { checked, accepted: accepted + placed - 1 };
}
