import { expect, test } from "vitest";
import { FallbackGraph } from "../../../src/engine/graph/fallback-graph.ts";
import { defaultSettings, openModelGraph } from "../../../src/engine/index.ts";
import type { Graph } from "../../../src/engine/graph/graph.ts";
import { Session } from "../../../src/engine/decoding/session.ts";
import { compare, decode } from "../../golden/decoded.ts";
import { goldenModel, type GoldenName } from "../../golden/models.ts";
import { DeviceGraph } from "./device-graph.ts";

const open = async (name: GoldenName) =>
  await openModelGraph(await goldenModel(name), { device: "cpu", threads: 1 });

/** Lost after so many passes, as a device is: every further one fails. */
class LostDevice extends DeviceGraph {
  #passes: number;

  constructor(graph: Graph, passes: number) {
    super(graph);
    this.#passes = passes;
  }

  override async run(...pass: Parameters<Graph["run"]>) {
    if (this.#passes-- <= 0) throw new Error("the device is lost");
    return await super.run(...pass);
  }
}

const strategies = ["low_confidence_dynamic", "self_speculative"] as const;
const cases = (["dense-tiny", "carry-tiny"] as const).flatMap((name) =>
  strategies.flatMap((strategy) => [0, 3, 9].map((passes) => ({ name, strategy, passes }))),
);

test.each(cases)(
  "$name, $strategy: a device lost after $passes passes changes nothing of two turns",
  async ({ name, strategy, passes }) => {
    const settings = { ...defaultSettings(4), strategy, threshold: 0.6, maxTokens: 24 };
    const promptIds = Array.from({ length: 70 }, (_, index) => (index * 7919 + 13) % 500);
    const { config, graph } = await open(name);
    const fallback = new FallbackGraph(new LostDevice(graph, passes), async () => (await open(name)).graph);
    const session = new Session(config, fallback);
    const whole = await open(name);
    const undisturbed = new Session(config, whole.graph);
    const first = await decode(session, { promptIds, settings });
    const wanted = await decode(undisturbed, { promptIds, settings });
    expect(compare(first, wanted, settings)).toMatchObject({ largest: expect.closeTo(0, 4) });
    const next = { promptIds: [...wanted.ids, 5, 6, 7], borders: wanted.borders, settings };
    const [second, again] = [await decode(session, next), await decode(undisturbed, next)];
    expect(compare(second, again, settings)).toMatchObject({ largest: expect.closeTo(0, 4) });
    expect(second.reused).toBe(again.reused);
    expect(fallback.device).toBe("cpu");
    expect(fallback.takeNews()).toBe("The GPU failed and the answer goes on on the CPU: the device is lost.");
    expect(fallback.takeNews()).toBeUndefined();
    await fallback.close();
    await whole.graph.close();
  },
);
