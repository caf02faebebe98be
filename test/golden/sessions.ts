import { afterAll } from "vitest";
import { openChain, openModelGraph, type Chain } from "../../src/engine/index.ts";
import { Session } from "../../src/engine/decoding/session.ts";
import { goldenModel, type GoldenName } from "./models.ts";

/** Checkpoints that laws are tried on: both forms of model, tied and not. */
export const lawNames = [
  "dense-tiny",
  "dense-tiny-tied",
  "carry-tiny",
  "carry-zero",
  "mask-neurons",
  "chained",
] as const;

type Loaded = Awaited<ReturnType<typeof openModelGraph>> & { readonly chain: Chain | undefined };

const models = new Map<GoldenName, Loaded>();
for (const name of lawNames) {
  const folder = await goldenModel(name);
  const opened = await openModelGraph(folder, { device: "cpu", threads: 1 });
  models.set(name, { ...opened, chain: await openChain(folder, opened.config) });
}

afterAll(async () => {
  for (const { chain, graph } of models.values()) {
    await chain?.close();
    await graph.close();
  }
});

/** A session with nothing in its cache. */
export function freshSession(name: GoldenName): Session {
  const loaded = models.get(name);
  if (loaded === undefined) throw new Error(`no model ${name}`);
  return new Session(loaded.config, loaded.graph, loaded.chain);
}
