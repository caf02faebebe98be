import * as fc from "fast-check";
import { expect, test } from "vitest";
import { defaultSettings, type Candidate, type DecodingSettings } from "../../src/engine/index.ts";
import type { Hedge } from "../../src/engine/decoding/speculation.ts";
import { gumbel, noiseAt } from "../../src/engine/decoding/noise.ts";
import { decode, largestDifference, probe, type Decoded } from "./decoded.ts";
import type { GoldenName } from "./models.ts";
import { freshSession, lawNames } from "./sessions.ts";

const model = fc.constantFrom(...lawNames);
const id = fc.integer({ min: 0, max: 499 });
const prompt = fc.array(id, { minLength: 1, maxLength: 30 });

/** Greedy ones, and drawn from all tokens, from the best k, from a nucleus. */
const settings: fc.Arbitrary<DecodingSettings> = fc.record({
  doubt: fc.constant("off"),
  autoBlocks: fc.constant("trained"),
  strategy: fc.constant("self_speculative"),
  blockLength: fc.constantFrom(1, 2, 4, 7, 16),
  denoisingSteps: fc.constant("block_length"),
  threshold: fc.constant(0.9),
  entropyBudget: fc.constant(0.35),
  draftThreshold: fc.constantFrom(0, 0.05, 0.2, 0.5),
  lookaheadThreshold: fc.constantFrom(0, 0.3, 1),
  hedgeThreshold: fc.constantFrom(0, 0.2, 2),
  promptLookup: fc.constantFrom(0, 3, 16),
  temperature: fc.constantFrom(0, 0.3, 0.7, 1),
  topK: fc.constantFrom(0, 1, 20),
  topP: fc.constantFrom(1, 0.9),
  seed: fc.integer({ min: 0, max: 0xffff_ffff }),
  maxTokens: fc.constantFrom(1, 5, 24),
});

const drafts: fc.Arbitrary<readonly Candidate[]> = fc.array(
  fc.record({ token: id, probability: fc.constantFrom(0.2, 0.9, 1) }),
  { maxLength: 6 },
);

const oneByOne = (given: DecodingSettings): DecodingSettings => ({
  ...given,
  strategy: "sequential",
  blockLength: 1,
});

const textOf = ({ ids }: Decoded, promptIds: readonly number[]) => ids.slice(promptIds.length);

/** Where two texts part: undefined if nowhere, else whether the two tokens came out almost equal. */
function parting(
  a: Decoded,
  b: Decoded,
  promptIds: readonly number[],
  given: DecodingSettings,
): "near" | "far" | undefined {
  const texts = [textOf(a, promptIds), textOf(b, promptIds)] as const;
  const at = texts[0].findIndex((token, index) => token !== texts[1][index]);
  if (at === -1) return undefined;
  const position = promptIds.length + at;
  const [one = Number.NaN, other = Number.NaN] = [a, b].map((each) => scoreOf(each, position, given));
  return Math.abs(one - other) < 2e-3 ? "near" : "far";
}

/** What the token placed at a position had the most of: ln of its probability, with noise where it was drawn. */
function scoreOf(
  { steps }: Decoded,
  position: number,
  { temperature, topK, seed }: DecodingSettings,
): number {
  const placed = steps.findLast(({ unmasked }) => unmasked.includes(position));
  const reading = placed?.readings.find((each) => each.position === position);
  if (reading === undefined) return Number.NaN;
  const greedy = temperature === 0 || topK === 1;
  return Math.log(reading.confidence) + (greedy ? 0 : gumbel(noiseAt(seed, position), reading.token));
}

test("the text is that of block length 1, whatever the thresholds, the temperature and the guesses", async () => {
  const partings: ReturnType<typeof parting>[] = [];
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(
      model,
      prompt,
      settings,
      fc.option(drafts, { nil: undefined }),
      async (name, promptIds, given, others) => {
        const redraft = (proposed: readonly Candidate[]) => others ?? proposed;
        const guessed = await decode(freshSession(name), { promptIds, settings: given, redraft });
        const inOrder = await decode(freshSession(name), { promptIds, settings: oneByOne(given) });
        expect(guessed.ids).toHaveLength(inOrder.ids.length);
        accepted += inOrder.steps.length - guessed.steps.length;
        partings.push(parting(guessed, inOrder, promptIds, given));
      },
    ),
    { numRuns: 150, endOnFailure: true },
  );
  // the edge of a nucleus may be as near as two tokens
  expect(partings.filter((each) => each === "far").length).toBeLessThanOrEqual(1);
  expect(partings.filter((each) => each === "near").length).toBeLessThanOrEqual(6);
  expect(accepted).toBeGreaterThan(0);
});

test("the cache is that of a causal prefill, and lacks the last token alone", async () => {
  await fc.assert(
    fc.asyncProperty(model, prompt, settings, async (name, promptIds, given) => {
      const session = freshSession(name);
      const { ids } = await decode(session, { promptIds, settings: given });
      const { cached } = session.graph;
      expect(cached).toBe(ids.length - 1);
      const decoded = await probe(session);
      const prefilled = freshSession(name);
      const prefix = { promptIds: ids, settings: { ...given, maxTokens: 1 }, fused: false };
      await decode(prefilled, prefix);
      prefilled.graph.truncate(cached);
      expect(largestDifference(decoded, await probe(prefilled))).toBeLessThan(2e-4);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

test("a draft threshold of 1 gives one token a pass", async () => {
  await fc.assert(
    fc.asyncProperty(model, prompt, settings, async (name, promptIds, given) => {
      const { steps } = await decode(freshSession(name), {
        promptIds,
        settings: { ...given, draftThreshold: 1 },
      });
      expect(steps).toHaveLength(given.maxTokens);
      for (const { unmasked } of steps) expect(unmasked).toHaveLength(1);
    }),
    { numRuns: 30, endOnFailure: true },
  );
});

/** Logits of a window's rows behind a prompt, a row a list: verifiers, then masks ahead, then hedges. */
async function windowLogits(
  name: GoldenName,
  promptIds: readonly number[],
  tokens: readonly number[],
  ahead: number,
  hedges: readonly Hedge[] = [],
): Promise<Float32Array[]> {
  const session = freshSession(name);
  const { graph, form, rows, config } = session;
  const sequence = session.begin({ promptIds }, 1);
  const start = promptIds.length;
  for (let slot = start; slot <= start + tokens.length + ahead; slot++) {
    sequence.masked.push(sequence.ids.push(config.maskTokenId) - 1);
  }
  const guesses = tokens.map((token) => ({ token, probability: 1 }));
  rows.clear();
  form.layOutWindow(rows, sequence, graph.cached, { start, drafts: guesses, ahead, hedges });
  const { logits } = await graph.run(rows, 1, true);
  const { vocabSize } = config.architecture;
  return rows.slots.map((_, row) =>
    (logits ?? new Float32Array()).slice(row * vocabSize, (row + 1) * vocabSize),
  );
}

test("changing a draft changes no verifier at or before its position, and every one after it", async () => {
  const window = fc.record({
    tokens: fc.array(id, { minLength: 1, maxLength: 6 }),
    ahead: fc.nat(5),
    at: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(model, prompt, window, async (name, promptIds, { tokens, ahead, at }) => {
      const changed = at % tokens.length;
      const others = tokens.map((token, index) => (index === changed ? (token + 1) % 500 : token));
      const before = await windowLogits(name, promptIds, tokens, ahead);
      const after = await windowLogits(name, promptIds, others, ahead);
      const none = new Float32Array();
      const moved = before.map((row, index) => largestDifference(row, after[index] ?? none));
      expect(Math.max(...moved.slice(0, changed + 1))).toBeLessThan(1e-5);
      expect(Math.min(...moved.slice(changed + 1))).toBeGreaterThan(1e-5);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

test("a hedge says what masks ahead would say if the drafts ended before it, and moves no other row", async () => {
  const window = fc.record({
    tokens: fc.array(id, { minLength: 1, maxLength: 5 }),
    ahead: fc.nat(3),
    masks: fc.integer({ min: 1, max: 4 }),
    after: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(model, prompt, window, async (name, promptIds, { tokens, ahead, masks, after }) => {
      const hedge = { after: after % tokens.length, masks };
      const bare = await windowLogits(name, promptIds, tokens, ahead);
      const hedged = await windowLogits(name, promptIds, tokens, ahead, [hedge, { after: 0, masks: 1 }]);
      const short = await windowLogits(name, promptIds, tokens.slice(0, hedge.after), masks);
      const expected = [...bare, ...short.slice(hedge.after + 1)];
      expect(hedged).toHaveLength(expected.length + 1);
      const none = new Float32Array();
      const moved = expected.map((row, index) => largestDifference(row, hedged[index] ?? none));
      expect(Math.max(...moved)).toBeLessThan(2e-4);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

test("in SDAR's form the tail of a prompt that was cut into blocks is cut token by token when a window opens", async () => {
  const blocks = { ...defaultSettings(4), maxTokens: 6 };
  const guessing = { ...blocks, strategy: "self_speculative", draftThreshold: 0 } as const;
  const promptIds = [202, 493, 231, 334, 378, 315, 332, 80, 319, 7];
  const switched = await decode(freshSession("dense-tiny"), {
    promptIds,
    settings: blocks,
    settingsAt: () => guessing,
  });
  expect(switched.borders).toEqual([4, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  const given = await decode(freshSession("dense-tiny"), { promptIds, borders: [4, 8], settings: guessing });
  expect(given.ids).toEqual(switched.ids);
});
