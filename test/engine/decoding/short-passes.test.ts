import { expect, test } from "vitest";
import { Session } from "../../../src/engine/decoding/session.ts";
import type { Graph } from "../../../src/engine/graph/graph.ts";
import { defaultSettings, openModelGraph } from "../../../src/engine/index.ts";
import { decode } from "../../golden/decoded.ts";
import { goldenModel } from "../../golden/models.ts";
import { freshSession } from "../../golden/sessions.ts";
import { DeviceGraph } from "../graph/device-graph.ts";

/** Keeps count of the rows of its passes. */
class CountingDevice extends DeviceGraph {
  longest = 0;

  override async run(...pass: Parameters<Graph["run"]>) {
    this.longest = Math.max(this.longest, pass[0].length);
    return await super.run(...pass);
  }
}

test.each(["dense-tiny", "carry-tiny", "carry-zero", "mask-neurons"] as const)(
  "%s: windows are as long as a pass of the device may be, and the text is the same",
  async (name) => {
    const { config, graph } = await openModelGraph(await goldenModel(name), { device: "cpu", threads: 1 });
    const device = new CountingDevice(graph);
    const bold = { draftThreshold: 0, lookaheadThreshold: 0, hedgeThreshold: 0, maxTokens: 24 };
    const settings = { ...defaultSettings(16), strategy: "self_speculative", ...bold } as const;
    const promptIds = Array.from({ length: 40 }, (_, index) => (index * 7919 + 13) % 500);
    const { ids } = await decode(new Session(config, device), { promptIds, settings });
    const whole = await decode(freshSession(name), { promptIds, settings });
    const end = promptIds.length + settings.maxTokens;
    expect(ids.slice(0, end)).toEqual(whole.ids.slice(0, end));
    expect(device.longest).toBeGreaterThan(20);
    expect(device.longest).toBeLessThanOrEqual(31);
    await device.close();
  },
);
