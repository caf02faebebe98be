import type { PassCounts } from "../events.ts";
import type { OpenBlock } from "./open-block.ts";
import type { Sequence } from "../rows/sequence.ts";
import type { Session } from "./session.ts";
import type { Window } from "./speculation.ts";

/**
 * Rows of a prefill pass, about. Measured with the embedded model on two cores: 512 tokens take 408, 327, 280, 265 and
 * 263 ms by 16, 32, 64, 128 and 256; a pass is how long a cancellation may take.
 */
const prefillRows = 64;

type Counts = { -readonly [kind in keyof PassCounts]: PassCounts[kind] };

/** Lays out the session's rows for passes over a sequence, stores what the cache does not have yet, and counts the passes of that. */
export class PassLayout {
  readonly #session: Session;
  readonly #sequence: Sequence;
  readonly #counts: Counts;

  /** @param counts where passes are counted */
  constructor(session: Session, sequence: Sequence, counts: Counts) {
    this.#session = session;
    this.#sequence = sequence;
    this.#counts = counts;
  }

  /** Known tokens that could be in the cache and are not. */
  get uncached(): number {
    const { form, graph } = this.#session;
    return form.cacheableEnd(this.#sequence) - graph.cached;
  }

  /** The same where a pass of the device has room for fewer. */
  get chunk(): number {
    return Math.min(prefillRows, this.#session.graph.mostRows);
  }

  /** Stores the next part of the prompt. */
  async prefill(): Promise<void> {
    await this.#storeChunk();
    this.#counts.prefill++;
  }

  /** Stores the finished blocks that are not cached yet, in a pass of its own. */
  async commit(): Promise<void> {
    const { form } = this.#session;
    if (!form.commits || this.uncached === 0) return;
    await this.#store(form.cacheableEnd(this.#sequence));
    this.#counts.commit++;
  }

  /** Lays out a pass over the block; what is too much for one pass is stored before, in passes of its own. */
  async step({ index, end, window }: OpenBlock): Promise<void> {
    const { graph, form, rows } = this.#session;
    for (;;) {
      if (window === undefined) this.#layOut(end);
      else this.#layOutWindow(window);
      if (rows.length <= graph.mostRows || this.uncached === 0) break;
      await this.#storeChunk();
      if (index === 0) this.#counts.prefill++;
      else this.#counts.commit++;
    }
    if (index > 0 && form.commits && this.uncached > 0) this.#counts.fused++;
  }

  async #storeChunk(): Promise<void> {
    const { graph, form } = this.#session;
    await this.#store(form.chunkEnd(this.#sequence, graph.cached, this.chunk));
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
    form.layOut(rows, this.#sequence, graph.cached, end);
  }

  #layOutWindow(window: Window): void {
    const { graph, form, rows } = this.#session;
    rows.clear();
    form.layOutWindow(rows, this.#sequence, graph.cached, window);
  }
}
