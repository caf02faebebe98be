import type { Device } from "../engine.ts";
import type { Graph, PassResult } from "./graph.ts";
import { leftDevice } from "./graph-errors.ts";
import { KeptRows } from "./kept-rows.ts";
import type { Rows } from "../rows/rows.ts";

/**
 * A graph on a device that may be lost, or run out of memory, at any pass: the cache is then computed again on the CPU,
 * and the pass that failed is the next one there. Whoever decodes sees a slow pass and no more.
 */
export class FallbackGraph implements Graph {
  #graph: Graph;
  readonly #kept = new KeptRows();
  readonly #openCpu: () => Promise<Graph>;
  #last: Rows | undefined;
  #news: string | undefined;

  constructor(device: Graph, openCpu: () => Promise<Graph>) {
    this.#graph = device;
    this.#openCpu = openCpu;
  }

  get device(): Device {
    return this.#graph.device;
  }

  get threads(): number {
    return this.#graph.threads;
  }

  get mostRows(): number {
    return this.#graph.mostRows;
  }

  get cacheNumberBytes(): number {
    return this.#graph.cacheNumberBytes;
  }

  get cached(): number {
    return this.#graph.cached;
  }

  async run(rows: Rows, inverseTemperature: number, allLogits: boolean): Promise<PassResult> {
    this.#last = rows;
    try {
      return await this.#graph.run(rows, inverseTemperature, allLogits);
    } catch (error) {
      if (this.device === "cpu") throw error;
      await this.#move(error);
      return await this.#graph.run(rows, inverseTemperature, allLogits);
    }
  }

  keep(count: number): void {
    this.#graph.keep(count);
    if (this.#last !== undefined) this.#kept.add(this.#last, count);
  }

  truncate(length: number): void {
    this.#graph.truncate(length);
    this.#kept.truncate(length);
  }

  /** Why passes run on the CPU now, said once; undefined: they run where they did. */
  takeNews(): string | undefined {
    const news = this.#news;
    this.#news = undefined;
    return news;
  }

  async close(): Promise<void> {
    await this.#graph.close();
  }

  async #move(error: unknown): Promise<void> {
    const lost = this.#graph;
    const cpu = await this.#openCpu();
    await this.#kept.rebuild(cpu);
    this.#graph = cpu;
    this.#news = leftDevice(error);
    try {
      await lost.close();
    } catch {
      // it failed before; what it holds ends with the process
    }
  }
}
