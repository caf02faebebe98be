import { Session } from "../../src/engine/decoding/session.ts";
import { openGraph } from "../../src/engine/graph/onnx-graph.ts";
import { openAdapter, provenRows } from "../../src/engine/graph/webgpu-adapter.ts";
import type { DeviceFloats } from "../../src/engine/graph/webgpu-cache.ts";
import { openChain, Rows, type Graph } from "../../src/engine/index.ts";
import { loadModelFolder } from "../../src/model/index.ts";
import { goldenModel, type GoldenName } from "../golden/models.ts";

const cpuOnly = { device: "cpu", threads: 1 } as const;

/** Golden models on the GPU, computing in `floats`, and on the CPU; each is opened once. */
export function sessionsIn(floats: DeviceFloats) {
  const opened = new Map<string, Promise<Session>>();

  /** As the engine does once the device has passed its check, which has tests of its own. */
  async function open(name: GoldenName, device: "cpu" | "webgpu"): Promise<Session> {
    const folder = await loadModelFolder(await goldenModel(name));
    const chain = await openChain(folder.path, folder.config);
    if (device === "cpu") return new Session(folder.config, await openGraph(folder, cpuOnly), chain);
    const { load, close } = await openAdapter(folder, provenRows);
    const graph = await load(floats);
    await close();
    return new Session(folder.config, graph, chain);
  }

  /** A session with nothing in its cache. */
  async function sessionOf(name: GoldenName, device: "cpu" | "webgpu"): Promise<Session> {
    const key = `${name} ${device}`;
    const session = opened.get(key) ?? open(name, device);
    opened.set(key, session);
    const { config, graph, chain } = await session;
    graph.truncate(0);
    return new Session(config, graph, chain);
  }

  async function closeAll(): Promise<void> {
    for (const session of opened.values()) await (await session).close();
  }

  return { open, sessionOf, closeAll };
}

/** Feeds `ids` in passes of `size` rows, each row seeing what is before it, and keeps them. */
export async function feed(graph: Graph, ids: readonly number[], size: number): Promise<void> {
  const rows = new Rows();
  for (let from = 0; from < ids.length; from += size) {
    rows.clear();
    for (const id of ids.slice(from, from + size)) rows.add(id, graph.cached + rows.length);
    rows.settled = rows.length;
    rows.look((row, other) => other < row);
    await graph.run(rows, 1, false);
    graph.keep(rows.length);
  }
}

export const words = (count: number) =>
  Array.from({ length: count }, (_, index) => (index * 7919 + 13) % 500);
