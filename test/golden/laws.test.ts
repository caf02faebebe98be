import * as fc from "fast-check";
import { expect, test } from "vitest";
import { defaultSettings, strategies, type DecodingSettings } from "../../src/engine/index.ts";
import { compare, decode, largestDifference, probe, type Comparison } from "./decoded.ts";
import { freshSession, lawNames } from "./sessions.ts";

const ids = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 499 }), { minLength, maxLength });

const settings: fc.Arbitrary<DecodingSettings> = fc.record({
  doubt: fc.constant("off"),
  autoBlocks: fc.constant("trained"),
  strategy: fc.constantFrom(...strategies),
  blockLength: fc.constantFrom(1, 2, 4, 7, 8, 16),
  denoisingSteps: fc.constantFrom<DecodingSettings["denoisingSteps"]>("block_length", 1, 2, 3, 5),
  threshold: fc.double({ min: 0.1, max: 0.95, noNaN: true }),
  entropyBudget: fc.double({ min: 0.01, max: 4, noNaN: true }),
  draftThreshold: fc.constantFrom(0, 0.03, 0.2, 0.5),
  lookaheadThreshold: fc.constantFrom(0, 0.2, 0.7),
  hedgeThreshold: fc.constantFrom(0, 0.1, 2),
  promptLookup: fc.constant(0),
  temperature: fc.constantFrom(0, 0.3, 1, 1.7),
  topK: fc.constant(1),
  topP: fc.constant(1),
  seed: fc.constant(0),
  maxTokens: fc.constantFrom(5, 12, 20),
});

const remasking = settings.filter(({ strategy }) => strategy !== "self_speculative");

const greedy: DecodingSettings = { ...defaultSettings(4), topK: 1, maxTokens: 12 };

const model = fc.constantFrom(...lawNames);

/** How many decodings parted at a near decision, how many elsewhere, and the largest difference of confidence. */
function summary(comparisons: readonly Comparison[]) {
  const parted = comparisons.flatMap((each) => ("parted" in each ? [each.parted] : []));
  const differences = comparisons.map((each) => ("largest" in each ? each.largest : 0));
  return {
    far: parted.filter((how) => how === "far").length,
    near: parted.filter((how) => how === "near").length,
    largest: Math.max(...differences),
  };
}

test("fused and unfused decoding give the same tokens, and confidences within 1e-4", async () => {
  const comparisons: Comparison[] = [];
  await fc.assert(
    fc.asyncProperty(model, ids(1, 40), settings, async (name, promptIds, given) => {
      const fused = await decode(freshSession(name), { promptIds, settings: given });
      const unfused = await decode(freshSession(name), { promptIds, settings: given, fused: false });
      comparisons.push(compare(fused, unfused, given));
    }),
    { numRuns: 120, endOnFailure: true },
  );
  const { far, near, largest } = summary(comparisons);
  expect(far).toBe(0);
  expect(near).toBeLessThanOrEqual(6);
  expect(largest).toBeLessThan(1e-4);
});

test("a second turn gives what a fresh engine gives for the same ids and borders, also after block length and strategy changed in the first", async () => {
  const comparisons: Comparison[] = [];
  let reused = 0;
  await fc.assert(
    fc.asyncProperty(
      model,
      ids(1, 30),
      ids(0, 12),
      settings,
      settings,
      settings,
      async (name, promptIds, more, first, change, second) => {
        const session = freshSession(name);
        const settingsAt = (pass: number) => (pass < 5 ? first : change);
        const turn = await decode(session, { promptIds, settings: first, settingsAt });
        const next = { promptIds: [...turn.ids, ...more], borders: turn.borders, settings: second };
        const again = await decode(session, next);
        reused += again.reused;
        comparisons.push(compare(again, await decode(freshSession(name), next), second));
      },
    ),
    { numRuns: 80, endOnFailure: true },
  );
  const { far, near, largest } = summary(comparisons);
  expect(far).toBe(0);
  expect(near).toBeLessThanOrEqual(6);
  expect(largest).toBeLessThan(1e-4);
  expect(reused).toBeGreaterThan(0);
});

test("masks only decrease: a pass reads every masked position, fills one at least, and that stays", async () => {
  await fc.assert(
    fc.asyncProperty(model, ids(1, 20), remasking, async (name, promptIds, given) => {
      const { steps, ids: text } = await decode(freshSession(name), { promptIds, settings: given });
      let masked: number[] = [];
      for (const { readings, unmasked } of steps) {
        const positions = readings.map(({ position }) => position);
        expect(positions).toEqual(masked.length > 0 ? masked : positions);
        expect(unmasked).not.toHaveLength(0);
        expect(positions).toEqual(expect.arrayContaining([...unmasked]));
        const filled = readings.filter(({ position }) => unmasked.includes(position));
        expect(filled.map(({ token }) => token)).toEqual(unmasked.map((position) => text[position]));
        masked = positions.filter((position) => !unmasked.includes(position));
      }
      expect(masked).toEqual([]);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

test("with carry-over masks, sequential decoding gives the text of block length 1 at any block length", async () => {
  let parted = 0;
  await fc.assert(
    fc.asyncProperty(ids(1, 20), settings, async (promptIds, { blockLength, temperature }) => {
      const textAt = async (length: number) => {
        const given = { ...greedy, strategy: "sequential", blockLength: length, temperature } as const;
        const decoded = await decode(freshSession("carry-tiny"), { promptIds, settings: given });
        return decoded.ids.slice(0, promptIds.length + greedy.maxTokens).join();
      };
      if ((await textAt(blockLength)) !== (await textAt(1))) parted++;
    }),
    { numRuns: 60 },
  );
  // near ties
  expect(parted).toBeLessThanOrEqual(1);
});

test("with causal context, the cache after any decoding is that of a causal prefill", async () => {
  await fc.assert(
    fc.asyncProperty(ids(1, 20), settings, async (promptIds, given) => {
      const session = freshSession("carry-tiny");
      const { ids: text } = await decode(session, { promptIds, settings: given });
      const { cached } = session.graph;
      const decoded = await probe(session);
      const prefilled = freshSession("carry-tiny");
      const prefix = {
        promptIds: text.slice(0, cached + 1),
        settings: { ...greedy, maxTokens: 1 },
        fused: false,
      };
      await decode(prefilled, prefix);
      prefilled.graph.truncate(cached);
      expect(cached).toBeGreaterThanOrEqual(promptIds.length - 1);
      expect(largestDifference(decoded, await probe(prefilled))).toBeLessThan(1e-4);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});
