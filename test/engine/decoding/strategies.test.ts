import * as fc from "fast-check";
import { expect, test } from "vitest";
import { remaskingStrategies } from "../../../src/engine/settings.ts";
import { choosePositions, plannedCount } from "../../../src/engine/decoding/strategies.ts";

const counts = (blockLength: number, denoisingSteps: number | "block_length", steps: number) =>
  Array.from({ length: steps }, (_, step) => plannedCount({ blockLength, denoisingSteps }, step));

const limits = { count: 1, threshold: 0.9, entropyBudget: 0.35 };

test("a strategy never chooses none, none twice and none that is not a candidate", () => {
  const slot = fc.tuple(fc.float({ min: 0, max: 1, noNaN: true }), fc.float({ min: 0, max: 8, noNaN: true }));
  const run = fc.record({
    count: fc.integer({ min: 1, max: 20 }),
    threshold: fc.double({ min: 0, max: 1, noNaN: true }),
    entropyBudget: fc.double({ min: 0, max: 10, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...remaskingStrategies),
      fc.array(slot, { minLength: 1, maxLength: 16 }),
      run,
      (strategy, slots, given) => {
        const candidates = { confidence: slots.map(([c]) => c), entropy: slots.map(([, e]) => e) };
        const chosen = choosePositions(strategy, candidates, given);
        expect(chosen.length).toBeGreaterThan(0);
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(chosen).toEqual(chosen.toSorted((a, b) => a - b));
        expect(chosen.every((index) => index >= 0 && index < slots.length)).toBe(true);
      },
    ),
  );
});

test("sequential takes the leftmost positions", () => {
  const candidates = { confidence: [0.1, 0.9, 0.8], entropy: [] };
  expect(choosePositions("sequential", candidates, { ...limits, count: 2 })).toEqual([0, 1]);
});

test("entropy-bounded takes the surest positions while the sum of entropies stays below the budget", () => {
  const candidates = { confidence: [], entropy: [0.2, 0.05, 3, 0.1] };
  expect(choosePositions("entropy_bounded", candidates, limits)).toEqual([1, 3]);
  expect(choosePositions("entropy_bounded", candidates, { ...limits, entropyBudget: 0.36 })).toEqual([
    0, 1, 3,
  ]);
  expect(choosePositions("entropy_bounded", candidates, { ...limits, entropyBudget: 0 })).toEqual([1]);
});

test("the steps of a block share its positions, the first ones take the remainder", () => {
  expect(counts(8, 3, 3)).toEqual([3, 3, 2]);
  expect(counts(8, "block_length", 8)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  expect(counts(4, 1, 1)).toEqual([4]);
});

test("more steps than positions means one position a step", () => {
  expect(plannedCount({ blockLength: 4, denoisingSteps: 16 }, 0)).toBe(1);
  expect(plannedCount({ blockLength: 4, denoisingSteps: 16 }, 9)).toBe(1);
});
