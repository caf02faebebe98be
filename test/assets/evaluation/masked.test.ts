import { expect, test } from "vitest";
import { scoreMasked } from "../../../assets/evaluation/masked.ts";
import { likelihoodInOrder } from "../../../src/bench/index.ts";
import { Session } from "../../../src/engine/decoding/session.ts";
import {
  defaultSettings,
  openChain,
  openEngine,
  openModelGraph,
  type Denoised,
} from "../../../src/engine/index.ts";
import { decode } from "../../golden/decoded.ts";
import { goldenModel } from "../../golden/models.ts";

const options = { device: "cpu", threads: 1 } as const;
const promptIds = [202, 493, 231, 334, 378, 315, 332, 80];
const forms = ["dense-tiny", "carry-tiny"] as const;

/** Decodes blocks of four in one pass each, and what the engine was sure of. */
async function decodeAtOnce(folder: string): Promise<{ ids: number[]; logs: number[] }> {
  const engine = await openEngine(folder, options);
  const settings = { ...defaultSettings(4), threshold: 0, maxTokens: 24 };
  const steps: Denoised[] = [];
  for await (const event of engine.generate({ promptIds, settings, stopTokenIds: [] })) {
    if (event.type === "denoised") steps.push(event);
  }
  await engine.close();
  expect(steps).toHaveLength(6);
  const slots = steps.flatMap((step) => step.slots);
  return { ids: slots.map((slot) => slot.token), logs: slots.map((slot) => Math.log(slot.confidence)) };
}

test.each(forms)("%s is as sure of blocks that are all masks as when it decoded them", async (name) => {
  const folder = await goldenModel(name);
  const { ids, logs } = await decodeAtOnce(folder);
  const { config, graph } = await openModelGraph(folder, options);
  const text = { seed: 1, ids: [...promptIds, ...ids], from: promptIds.length };
  const { byMasks, byPlace, byCertainty } = await scoreMasked({ graph, config }, text, [4]);
  expect(graph.cached).toBe(0);
  await graph.close();
  const all = byMasks[4]?.[4];
  expect(all).toMatchObject({ positions: 24, right: 24 });
  expect(all?.logLikelihood).toBeCloseTo(
    logs.reduce((sum, log) => sum + log, 0),
    2,
  );
  for (const place of [0, 1, 2, 3]) {
    const here = logs.filter((_, index) => index % 4 === place).reduce((sum, log) => sum + log, 0);
    expect(byPlace[4]?.[place]).toMatchObject({ positions: 6, right: 6 });
    expect(byPlace[4]?.[place]?.logLikelihood).toBeCloseTo(here, 2);
  }
  const guesses = logs.filter((_, index) => index % 4 > 0).map(Math.exp);
  const tenths = Map.groupBy(guesses, (sure) => Math.floor(10 * sure));
  for (const [tenth, sure] of tenths) {
    expect(byCertainty[4]?.[tenth]).toMatchObject({ positions: sure.length, right: sure.length });
    expect(byCertainty[4]?.[tenth]?.certainty).toBeCloseTo(
      sure.reduce((sum, one) => sum + one, 0),
      2,
    );
  }
});

test("a model that chains its guesses is scored by them, behind the true tokens", async () => {
  const folder = await goldenModel("chained");
  const { config, graph } = await openModelGraph(folder, options);
  const chain = await openChain(folder, config);
  if (chain === undefined) throw new Error("no chain");
  const text = { seed: 1, ids: [...promptIds, 61, 62, 63, 64, 65, 66, 67, 68], from: promptIds.length };
  const own = await scoreMasked({ graph, config }, text, [4]);
  const chained = await scoreMasked({ graph, config, chain }, text, [4]);
  expect(chained.byMasks).toEqual(own.byMasks);
  expect(chained.byPlace[4]?.[0]).toEqual(own.byPlace[4]?.[0]);
  for (const place of [1, 2, 3]) expect(chained.byPlace[4]?.[place]).not.toEqual(own.byPlace[4]?.[place]);

  // the first guess of a window behind the same text, of which the verifier's token is the text's own
  const session = new Session(config, graph, chain);
  const settings = { ...defaultSettings(4), strategy: "self_speculative", maxTokens: 1 } as const;
  const single = await decode(session, { promptIds, settings: { ...settings, blockLength: 1 } });
  const first = single.ids.at(-1) ?? 0;
  const { steps } = await decode(session, { promptIds, settings: { ...settings, maxTokens: 9 } });
  const guess = steps[0]?.readings[1];
  const scored = await scoreMasked(
    { graph, config, chain },
    { ...text, ids: [...promptIds, first, guess?.token ?? 0, 63, 64] },
    [4],
  );
  expect(scored.byPlace[4]?.[1]).toMatchObject({ positions: 1, right: 1 });
  expect(scored.byPlace[4]?.[1]?.certainty).toBeCloseTo(guess?.confidence ?? Number.NaN, 4);
  await chain.close();
  await graph.close();
});

test.each(forms)("a text scored in blocks of one by %s is scored in order", async (name) => {
  const { config, graph } = await openModelGraph(await goldenModel(name), options);
  const ids = Array.from({ length: 90 }, (_, index) => 40 + ((index * 37) % 400));
  const { byMasks } = await scoreMasked({ graph, config }, { seed: 1, ids, from: 70 }, [1]);
  const inOrder = await likelihoodInOrder(graph, config, ids, 70);
  await graph.close();
  expect(byMasks[1]?.[1]?.positions).toBe(20);
  expect((byMasks[1]?.[1]?.logLikelihood ?? 0) / 20).toBeCloseTo(inOrder.mean, 3);
});

test("only whole blocks of the answer are masked, with every number of masks", async () => {
  const { config, graph } = await openModelGraph(await goldenModel("carry-tiny"), options);
  const ids = Array.from({ length: 31 }, (_, index) => 40 + index);
  const { byMasks } = await scoreMasked({ graph, config }, { seed: 1, ids, from: 6 }, [4, 8]);
  await graph.close();
  // blocks 8-11, 12-15, ... 24-27, and 8-15, 16-23
  expect(Object.entries(byMasks[4] ?? {}).map(([masks, { positions }]) => [masks, positions])).toEqual([
    ["1", 5],
    ["2", 10],
    ["4", 20],
  ]);
  expect(Object.values(byMasks[8] ?? {}).map(({ positions }) => positions)).toEqual([2, 4, 8, 16]);
});
