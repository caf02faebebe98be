import { expect, onTestFinished, test } from "vitest";
import { decodeOnce, decodingFigures, type Contender, type DecodingRun } from "../../src/bench/index.ts";
import {
  defaultSettings,
  openEngine,
  type DecodingSettings,
  type Denoised,
  type Engine,
  type EngineEvent,
} from "../../src/engine/index.ts";
import { goldenModel } from "../golden/models.ts";

const promptIds = [202, 493, 231, 334, 378, 315, 332, 80, 319, 7];
const inOrder = { ...defaultSettings(1), strategy: "sequential", maxTokens: 12 } as const;

/** The engine itself; what it says is also written down. */
function heard(engine: Engine, events: EngineEvent[]): Engine {
  return {
    info: engine.info,
    async *generate(request) {
      for await (const event of engine.generate(request)) {
        events.push(event);
        yield event;
      }
    },
    adjust: (change) => engine.adjust(change),
    close: () => engine.close(),
  };
}

/** A run and the passes that it was measured from. */
async function decode(settings: DecodingSettings, prompt: readonly number[] = promptIds) {
  const engine = await openEngine(await goldenModel("carry-tiny"), { device: "cpu", threads: 1 });
  onTestFinished(() => engine.close());
  const events: EngineEvent[] = [];
  const run = await decodeOnce(heard(engine, events), prompt, settings);
  return { run, passes: events.filter((event): event is Denoised => event.type === "denoised") };
}

test.each([
  ["a short prompt, all of it rows of the first pass", promptIds],
  ["a long prompt, its last rows too", Array.from({ length: 150 }, (_, at) => promptIds[at % 10] ?? 0)],
])("%s: that pass is in no rate and no time of a pass", async (_, prompt) => {
  const { run, passes } = await decode(inOrder, prompt);
  expect(passes[0]?.rows).toBeGreaterThan(passes[1]?.rows ?? 0);
  expect([run.tokens, run.passes]).toEqual([12, 12]);
  const { tokens, passes: timed, passMilliseconds, milliseconds } = run.timed;
  expect([tokens, timed]).toEqual([11, 11]);
  expect(passMilliseconds).toBeCloseTo(passes.slice(1).reduce((sum, each) => sum + each.milliseconds, 0));
  expect(milliseconds).toBeGreaterThanOrEqual(0);
});

test("all tokens that the first pass placed are left out with it", async () => {
  const settings = { ...defaultSettings(4), strategy: "low_confidence_static", denoisingSteps: 2 } as const;
  const { run, passes } = await decode({ ...settings, maxTokens: 16 });
  const placed = passes.map(({ slots }) => slots.filter(({ unmasked }) => unmasked).length);
  expect(placed[0]).toBe(2);
  expect(run.timed.tokens).toBe(run.tokens - 2);
});

test("what the first pass placed behind the end of the text is not left out of it twice", async () => {
  const { run, passes } = await decode({ ...defaultSettings(8), threshold: 0, maxTokens: 3 });
  expect(passes.map(({ slots }) => slots.length)).toEqual([6]);
  expect([run.tokens, run.passes]).toEqual([3, 1]);
  expect(run.timed).toEqual({ tokens: 0, passes: 0, milliseconds: expect.any(Number), passMilliseconds: 0 });
});

/** Twelve tokens in ten passes of 10 ms, the first, of 100 ms, not among those that are timed. */
const run: DecodingRun = {
  ids: [],
  reason: "length",
  tokens: 12,
  passes: 10,
  drafts: { checked: 0, accepted: 0 },
  timed: { tokens: 11, passes: 9, milliseconds: 90, passMilliseconds: 81 },
  firstTextMilliseconds: 100,
};

test("rates and the time of a pass are of the timed passes, tokens a pass of all", () => {
  const contender: Contender = { name: "a", curve: "a", blockLength: 1, decode: async () => run };
  const [figures] = decodingFigures([contender], [{ prompt: 0, round: 0, runs: [run, run] }]);
  expect(figures?.tokensPerSecond).toBeCloseTo(11 / 0.09);
  expect(figures?.passesPerSecond).toBeCloseTo(100);
  expect(figures?.millisecondsPerPass).toBeCloseTo(9);
  expect(figures?.tokensPerPass).toBe(1.2);
});
