import type { PassCounts } from "./events.ts";
import { readSlots, type Reading } from "./readings.ts";
import { inverseTemperature, needsAllLogits, type SamplingSettings } from "./sampling.ts";
import { nextBlockEnd, type Sequence } from "./sequence.ts";
import type { Prompt, Session } from "./session.ts";
import type { DecodingSettings } from "./settings.ts";
import { choosePositions, plannedCount } from "./strategies.ts";

/**
 * Rows of a prefill pass, about. Measured: from 32 rows on a token costs the same, and a pass is how long a
 * cancellation may take.
 */
const prefillRows = 64;

/** The block that is being denoised. */
export interface OpenBlock {
  /** counted from 0 at the first block of the reply */
  readonly index: number;
  readonly start: number;
  readonly end: number;
  /** what holds for the whole block */
  readonly plan: Pick<DecodingSettings, "blockLength" | "denoisingSteps">;
  /** passes over the block so far */
  steps: number;
}

/** What one denoising pass did. */
export interface Step {
  /** positions that the plan gave it (see plannedCount) */
  readonly planned: number;
  /** of every position that was masked before it, ascending */
  readonly readings: readonly Reading[];
  /** the positions that have their token from now on, ascending */
  readonly unmasked: readonly number[];
}

export interface DecodingOptions {
  /** false: prefill and commits are passes of their own. The numbers are the same; for the tests of that */
  readonly fused: boolean;
}

/**
 * The passes of one generation: prefill, then blocks, opened one after the other and denoised step by step. When to
 * stop is the caller's business.
 */
export class Decoding {
  readonly sequence: Sequence;
  readonly promptLength: number;
  readonly reused: number;
  readonly counts = { prefill: 0, denoise: 0, commit: 0, fused: 0 } satisfies PassCounts;
  readonly #session: Session;
  readonly #fused: boolean;
  #block: OpenBlock | undefined;
  /** sampling settings that were seen to need all logits */
  #wide: SamplingSettings | undefined;

  constructor(
    session: Session,
    prompt: Prompt,
    blockLength: number,
    options: DecodingOptions = { fused: true },
  ) {
    this.#session = session;
    this.#fused = options.fused;
    this.sequence = session.begin(prompt, blockLength);
    this.promptLength = prompt.promptIds.length;
    this.reused = session.graph.cached;
  }

  /** Whether a prefill pass is due before the first block: what is left afterwards joins that block's first pass. */
  get needsPrefill(): boolean {
    return this.#uncached() > (this.#fused ? prefillRows : 0);
  }

  async prefill(): Promise<void> {
    const { graph, form } = this.#session;
    await this.#store(form.chunkEnd(this.sequence, graph.cached, prefillRows));
    this.counts.prefill++;
  }

  /** Opens the next block, all masks; it ends at the next multiple of the block length or with the context. */
  open(settings: DecodingSettings): OpenBlock {
    const { form, config } = this.#session;
    const { ids, masked } = this.sequence;
    const start = form.nextStart(this.sequence);
    const end = Math.min(nextBlockEnd(ids.length, settings.blockLength), config.contextLength);
    while (ids.length < end) masked.push(ids.push(config.maskTokenId) - 1);
    const { blockLength, denoisingSteps } = settings;
    const index = this.#block === undefined ? 0 : this.#block.index + 1;
    this.#block = { index, start, end, plan: { blockLength, denoisingSteps }, steps: 0 };
    return this.#block;
  }

  /** One denoising pass over the open block. Settings of the block itself (block length, steps) are its own. */
  async step(settings: DecodingSettings): Promise<Step> {
    const block = this.#block;
    if (block === undefined || this.sequence.masked.length === 0)
      throw new Error("there is nothing to denoise");
    if (!this.#fused && this.#session.form.commits) await this.commit();
    const { graph, form, rows } = this.#session;
    this.#layOut(block.end);
    if (block.index > 0 && form.commits && rows.settled > 0) this.counts.fused++;
    const readings = await this.#read(settings);
    const planned = plannedCount(block.plan, block.steps++);
    const unmasked = this.#unmask(readings, planned, settings);
    graph.keep(Math.min(rows.settled, this.#uncached()));
    if (this.sequence.masked.length === 0 && form.commits) this.sequence.borders.push(block.end);
    return { planned, readings, unmasked };
  }

  /** Stores the finished blocks that are not cached yet, in a pass of its own. */
  async commit(): Promise<void> {
    const { form } = this.#session;
    if (!form.commits || this.#uncached() === 0) return;
    await this.#store(form.cacheableEnd(this.sequence));
    this.counts.commit++;
  }

  /** Ends the generation; the session knows what its cache holds. */
  end(): void {
    this.#session.remember(this.sequence);
  }

  #uncached(): number {
    const { form, graph } = this.#session;
    return form.cacheableEnd(this.sequence) - graph.cached;
  }

  async #store(end: number): Promise<void> {
    const { graph, rows } = this.#session;
    this.#layOut(end);
    await graph.run(rows, 1, false);
    graph.keep(rows.settled);
  }

  #layOut(end: number): void {
    const { graph, form, rows } = this.#session;
    rows.clear();
    form.layOut(rows, this.sequence, graph.cached, end);
  }

  async #read(settings: DecodingSettings): Promise<Reading[]> {
    const { vocabulary, rows } = this.#session;
    const allLogits = needsAllLogits(settings, vocabulary.top) || isWide(this.#wide, settings);
    const readings = readSlots(await this.#pass(settings, allLogits), rows.slots, settings, vocabulary);
    if (readings !== undefined) return readings;
    this.#wide = settings;
    const again = readSlots(await this.#pass(settings, true), rows.slots, settings, vocabulary);
    if (again === undefined) throw new Error("all logits do not suffice to choose a token");
    return again;
  }

  async #pass(settings: DecodingSettings, allLogits: boolean) {
    const { graph, rows } = this.#session;
    this.counts.denoise++;
    return await graph.run(rows, inverseTemperature(settings.temperature), allLogits);
  }

  #unmask(readings: readonly Reading[], count: number, settings: DecodingSettings): number[] {
    const confidence = readings.map((reading) => reading.confidence);
    const entropy = readings.map((reading) => reading.entropy);
    const { strategy, threshold, entropyBudget } = settings;
    const chosen = choosePositions(strategy, { confidence, entropy }, { count, threshold, entropyBudget });
    const unmasked: number[] = [];
    for (const index of chosen) {
      const reading = readings[index];
      if (reading === undefined) continue;
      this.sequence.ids[reading.position] = reading.token;
      unmasked.push(reading.position);
    }
    this.sequence.masked = this.sequence.masked.filter((position) => !unmasked.includes(position));
    return unmasked;
  }
}

/** A nucleus that was once wider than the tokens at hand may be so again, as long as it is the same setting. */
function isWide(wide: SamplingSettings | undefined, { temperature, topK, topP }: SamplingSettings): boolean {
  return wide?.temperature === temperature && wide.topK === topK && wide.topP === topP;
}
