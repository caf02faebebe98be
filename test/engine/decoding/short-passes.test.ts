import { expect, onTestFinished, test } from "vitest";
import { Session } from "../../../src/engine/decoding/session.ts";
import { trace } from "../../../src/engine/decoding/trace.ts";
import type { Graph } from "../../../src/engine/graph/graph.ts";
import { defaultSettings, openModelGraph } from "../../../src/engine/index.ts";
import { LocalEngine } from "../../../src/engine/local-engine.ts";
import { decode } from "../../golden/decoded.ts";
import { goldenModel, type GoldenName } from "../../golden/models.ts";
import { freshSession } from "../../golden/sessions.ts";
import { endOf, eventsOf, ofType } from "../../synthetic/running.ts";
import { DeviceGraph } from "../graph/device-graph.ts";

/** Keeps count of the rows of its passes. */
class CountingDevice extends DeviceGraph {
  longest = 0;

  override async run(...pass: Parameters<Graph["run"]>) {
    this.longest = Math.max(this.longest, pass[0].length);
    return await super.run(...pass);
  }
}

const names = ["dense-tiny", "carry-tiny", "carry-zero", "mask-neurons"] as const;

async function deviceOf(name: GoldenName) {
  const { config, graph } = await openModelGraph(await goldenModel(name), { device: "cpu", threads: 1 });
  const device = new CountingDevice(graph);
  onTestFinished(() => device.close());
  return { config, device, session: new Session(config, device) };
}

const promptOf = (length: number) => Array.from({ length }, (_, index) => (index * 7919 + 13) % 500);

test.each(names)(
  "%s: windows are as long as a pass of the device may be, and the text is the same",
  async (name) => {
    const { device, session } = await deviceOf(name);
    const bold = { draftThreshold: 0, lookaheadThreshold: 0, hedgeThreshold: 0, maxTokens: 24 };
    const settings = { ...defaultSettings(16), strategy: "self_speculative", ...bold } as const;
    const promptIds = promptOf(40);
    const { ids } = await decode(session, { promptIds, settings });
    const whole = await decode(freshSession(name), { promptIds, settings });
    const end = promptIds.length + settings.maxTokens;
    expect(ids.slice(0, end)).toEqual(whole.ids.slice(0, end));
    expect(device.longest).toBeGreaterThan(20);
    expect(device.longest).toBeLessThanOrEqual(31);
  },
);

test.each(names)(
  "%s: blocks are as long as a pass of the device may be, and the events say so",
  async (name) => {
    const { config, device, session } = await deviceOf(name);
    const where = { device: "webgpu", deviceReason: "", threads: 0, loadMilliseconds: 0 } as const;
    const engine = new LocalEngine({ model: config, ...where }, session);
    const settings = { ...defaultSettings(64), threshold: 0.01, maxTokens: 70 };
    const request = { promptIds: promptOf(100), settings, stopTokenIds: [] };
    const events = await eventsOf(engine, request);
    const blockLength = name === "dense-tiny" ? 31 : 30;
    const told = [...ofType(events, "block_opened"), ...ofType(events, "denoised")];
    expect(new Set(told.map((event) => event.settings.blockLength))).toEqual(new Set([blockLength]));
    expect(device.longest).toBe(31);
    const same = await decode(freshSession(name), { ...request, settings: { ...settings, blockLength } });
    const { ids, borders } = endOf(events);
    expect(same.ids.slice(100, 170)).toEqual(ids);
    expect(borders).toEqual(same.borders.filter((border) => border <= 170));
  },
);

test("a block that continues a longer one's beginning fits into a pass too, and so does what was decoded in longer ones", async () => {
  const { device, session } = await deviceOf("dense-tiny");
  const settings = { ...defaultSettings(64), maxTokens: 20 };
  const settingsAt = () => ({ ...settings, blockLength: 16 });
  const { borders } = await decode(session, { promptIds: promptOf(61), settings, settingsAt });
  expect(borders).toEqual([31, 62, 64, 80, 96]);
  await decode(session, { promptIds: promptOf(150), borders: [8, 72], settings });
  expect(device.longest).toBeLessThanOrEqual(31);
});

test("a trace says how long its blocks are", async () => {
  const { device, session } = await deviceOf("dense-tiny");
  const settings = { ...defaultSettings(64), maxTokens: 20 };
  const { settings: told, steps } = await trace(session, { promptIds: promptOf(40), settings });
  expect(told["block_length"]).toBe(31);
  expect(steps[0]?.block).toBe(1);
  expect(device.longest).toBeLessThanOrEqual(31);
});
