import type { Candidate, PassCounts } from "../events.ts";
import type { DecodingOptions, OpenBlock, Step } from "./open-block.ts";
import { PassLayout } from "./pass-layout.ts";
import { PassReader } from "./pass-reader.ts";
import type { Told } from "./prompt-lookup.ts";
import type { Reading } from "./readings.ts";
import { nextBlockEnd, type Sequence } from "../rows/sequence.ts";
import type { Prompt, Session } from "./session.ts";
import type { DecodingSettings } from "../settings.ts";
import { acceptedDrafts, windowEnd, type Window } from "./speculation.ts";
import { choosePositions, plannedCount } from "./strategies.ts";
import { Windows } from "./windows.ts";

export type { DecodingOptions, OpenBlock, Step } from "./open-block.ts";

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
  readonly #options: DecodingOptions;
  readonly #layout: PassLayout;
  readonly #reader: PassReader;
  readonly #windows: Windows;
  #block: OpenBlock | undefined;

  constructor(
    session: Session,
    prompt: Prompt,
    { strategy, blockLength }: DecodingSettings,
    options: DecodingOptions = { fused: true },
  ) {
    this.#session = session;
    this.#options = options;
    this.#reader = new PassReader(session, this.counts);
    this.#windows = new Windows(session, options.redraft);
    const cut = strategy === "self_speculative" ? 1 : Math.min(blockLength, session.longestBlock);
    this.sequence = session.begin(prompt, cut);
    this.promptLength = prompt.promptIds.length;
    this.reused = session.graph.cached;
    this.#layout = new PassLayout(session, this.sequence, this.counts);
  }

  /** Whether a prefill pass is due before the first block: what is left afterwards joins that block's first pass. */
  get needsPrefill(): boolean {
    return this.#layout.uncached > (this.#options.fused ? this.#layout.chunk : 0);
  }

  async prefill(): Promise<void> {
    await this.#layout.prefill();
  }

  /**
   * Opens the next block, all masks; it ends at the next multiple of the block length or with the context. Where a pass
   * of the device has no room for so long a block, the block length is what it has room for. With self_speculative, the
   * next window.
   */
  open(settings: DecodingSettings): OpenBlock {
    const { config, longestBlock } = this.#session;
    const { ids, masked } = this.sequence;
    const { strategy, denoisingSteps } = settings;
    const blockLength = Math.min(settings.blockLength, longestBlock);
    const plan = { blockLength, denoisingSteps };
    const index = this.#block === undefined ? 0 : this.#block.index + 1;
    const opened =
      strategy === "self_speculative"
        ? this.#nextWindow(settings)
        : { ...this.#nextBlock(blockLength), remasking: strategy };
    this.#block = { index, plan, steps: 0, ...opened };
    while (ids.length < opened.end) masked.push(ids.push(config.maskTokenId) - 1);
    return this.#block;
  }

  /** What holds for the open block, `settings` being those wanted now. */
  inForce(settings: DecodingSettings): DecodingSettings {
    const { plan, window, remasking } = this.#opened();
    if (window !== undefined) return { ...settings, ...plan, strategy: "self_speculative" };
    if (settings.strategy !== "self_speculative") return { ...settings, ...plan };
    return { ...settings, ...plan, strategy: remasking ?? "sequential" };
  }

  /** One pass over the open block. Settings of the block itself (block length, steps) are its own: see inForce. */
  async step(wanted: DecodingSettings): Promise<Step> {
    const block = this.#opened();
    const settings = this.inForce(wanted);
    const masked = this.sequence.masked.length;
    if (masked === 0) throw new Error("there is nothing to denoise");
    if (!this.#options.fused) await this.commit();
    await this.#layout.step(block);
    const readings = await this.#read(block, settings);
    const planned = plannedCount(block.plan, block.steps++);
    const unmasked =
      block.window === undefined
        ? this.#denoise(block, readings, planned, settings)
        : this.#check(block.window, readings);
    return { planned, readings: readings.slice(0, masked), hedged: readings.slice(masked), unmasked };
  }

  /** The guesses that a window would check which is opened now. */
  drafts(settings: DecodingSettings): readonly Candidate[] {
    return this.#windows.drafts(this.#told, settings);
  }

  /**
   * The chance of each draft that a window could have now, `most` looked up at most, those before it being right; as long as they all are
   * with a tenth. None where nothing is found.
   */
  lookUpChances(most: number): readonly number[] {
    return this.#windows.lookUpChances(this.#told, most);
  }

  /** Stores the finished blocks that are not cached yet, in a pass of its own. */
  async commit(): Promise<void> {
    await this.#layout.commit();
  }

  /** Ends the generation; the session knows what its cache holds. */
  end(): void {
    this.#session.remember(this.sequence);
  }

  /** While no block is open. */
  get #told(): Told {
    return { ids: this.sequence.ids, from: this.promptLength };
  }

  #opened(): OpenBlock {
    if (this.#block === undefined) throw new Error("no block is open");
    return this.#block;
  }

  #nextBlock(blockLength: number) {
    const { form, config, longestBlock } = this.#session;
    this.#windows.forget();
    const start = form.nextStart(this.sequence);
    const end = nextBlockEnd(this.sequence.ids.length, blockLength);
    // With the tail of a prompt that was cut at another length, a block may be longer than that.
    return { start, end: Math.min(end, config.contextLength, start + longestBlock) };
  }

  #nextWindow(settings: DecodingSettings) {
    this.#cutTokens();
    const start = this.sequence.ids.length;
    const end = Math.min(this.promptLength + settings.maxTokens, this.#session.config.contextLength);
    const window = this.#windows.next(this.#told, end, settings);
    return { start, end: windowEnd(window), window };
  }

  /** Makes every token that is in no block yet one of its own, where there are blocks. */
  #cutTokens(): void {
    const { ids, borders } = this.sequence;
    borders.push(...this.#session.form.partition(ids.length, borders, 1).slice(borders.length));
  }

  #denoise(
    block: OpenBlock,
    readings: readonly Reading[],
    count: number,
    settings: DecodingSettings,
  ): number[] {
    const { graph, form, rows } = this.#session;
    if (settings.strategy === "self_speculative") throw new Error("a block takes a remasking strategy");
    block.remasking = settings.strategy;
    const confidence = readings.map((reading) => reading.confidence);
    const entropy = readings.map((reading) => reading.entropy);
    const chosen = choosePositions(settings.strategy, { confidence, entropy }, { ...settings, count });
    const unmasked = this.#place(readings.filter((_, index) => chosen.includes(index)));
    this.sequence.masked = this.sequence.masked.filter((position) => !unmasked.includes(position));
    graph.keep(Math.min(rows.settled, this.#layout.uncached));
    if (this.sequence.masked.length === 0 && form.commits) this.sequence.borders.push(block.end);
    return unmasked;
  }

  /** Keeps the drafts that stand and the token that follows them; the window's other positions are open again. */
  #check(window: Window, readings: readonly Reading[]): number[] {
    const { graph } = this.#session;
    const accepted = acceptedDrafts(window, readings);
    const unmasked = this.#place(readings.slice(0, accepted + 1));
    this.sequence.masked = [];
    this.sequence.ids.length = window.start + accepted + 1;
    this.#windows.hear(window, readings);
    graph.keep(window.start - graph.cached + accepted);
    this.#cutTokens();
    return unmasked;
  }

  async #read({ window }: OpenBlock, settings: DecodingSettings): Promise<Reading[]> {
    if (window === undefined) return await this.#reader.read(settings);
    const known = this.sequence.ids[window.start - 1] ?? 0;
    return await this.#reader.readWindow(window, known, settings);
  }

  #place(readings: readonly Reading[]): number[] {
    for (const { position, token } of readings) this.sequence.ids[position] = token;
    return readings.map(({ position }) => position);
  }
}
