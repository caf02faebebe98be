import { afterAll } from "vitest";
import { openModelGraph } from "../../src/engine/index.ts";
import { Session } from "../../src/engine/decoding/session.ts";
import { goldenModel, type GoldenName } from "./models.ts";

/** Checkpoints that laws are tried on: both forms of model, tied and not. */
export const lawNames = [
  "dense-tiny",
  "dense-tiny-tied",
  "carry-tiny",
  "carry-zero",
  "mask-neurons",
] as const;

const models = new Map<GoldenName, Awaited<ReturnType<typeof openModelGraph>>>();
for (const name of lawNames) {
  models.set(name, await openModelGraph(await goldenModel(name), { device: "cpu", threads: 1 }));
}

afterAll(async () => {
  for (const { graph } of models.values()) await graph.close();
});

/** A session with nothing in its cache. */
export function freshSession(name: GoldenName): Session {
  const loaded = models.get(name);
  if (loaded === undefined) throw new Error(`no model ${name}`);
  return new Session(loaded.config, loaded.graph);
}
