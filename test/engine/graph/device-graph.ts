import type { Graph } from "../../../src/engine/graph/graph.ts";

/** The CPU's graph under the name of a device, with as many rows a pass as one that fails from 32 on. */
export class DeviceGraph implements Graph {
  readonly device = "webgpu";
  readonly threads = 0;
  readonly mostRows = 31;
  readonly cacheNumberBytes = 4;
  readonly #graph: Graph;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  get cached(): number {
    return this.#graph.cached;
  }

  async run(...pass: Parameters<Graph["run"]>) {
    return await this.#graph.run(...pass);
  }

  keep(count: number): void {
    this.#graph.keep(count);
  }

  truncate(length: number): void {
    this.#graph.truncate(length);
  }

  async close(): Promise<void> {
    await this.#graph.close();
  }
}
