import { expect, test } from "vitest";
import {
  arithmeticPeak,
  bytesPerPass,
  bytesRead,
  cacheBytesPerToken,
  expectedRate,
  memoryNeeds,
  passFloor,
  publishedModels,
  weightBytes,
} from "../../src/bench/index.ts";
import { touchedExperts } from "../../src/bench/expectation.ts";

const tiny = {
  layers: 2,
  hiddenSize: 8,
  intermediateSize: 16,
  heads: 2,
  kvHeads: 1,
  headDim: 4,
  vocabSize: 10,
} as const;
/** q, k, v, o: 8 * 4 * (2 + 2 + 1 + 1); gate, up, down: 3 * 8 * 16 */
const layerNumbers = 192 + 384;
const onPaper = { bits: 8, rows: 4, cached: 100, numberBytes: 2 } as const;

test("a pass reads every weight once, and the keys and values of the cache", () => {
  const weights = 2 * layerNumbers * (1 + 2 / 128) + 10 * 8 * (1 + 4 / 128);
  expect(bytesPerPass(tiny, onPaper)).toBeCloseTo(weights + 100 * 2 * 2 * 4 * 2);
  const exact = (2 * layerNumbers + 10 * 8) * (1 + 4 / 128);
  expect(bytesPerPass(tiny, { ...onPaper, numberBytes: 4 })).toBeCloseTo(exact + 100 * 2 * 2 * 4 * 4);
  expect(bytesPerPass(tiny, { ...onPaper, rows: 64 })).toBe(bytesPerPass(tiny, onPaper));
});

test("with experts more rows read more weights, up to all of them", () => {
  const experts = { total: 128, perToken: 8 };
  expect(touchedExperts(experts, 1)).toBeCloseTo(8);
  expect(touchedExperts(experts, 2)).toBeCloseTo(15.5);
  expect(touchedExperts(experts, 1000)).toBeCloseTo(128);
  const [one, eight] = [1, 8].map((rows) => bytesPerPass({ ...tiny, experts }, { ...onPaper, rows }));
  expect(eight).toBeGreaterThan(4 * (one ?? 0));
});

test("the rate on paper is tokens a pass times passes that the bandwidth allows", () => {
  expect(expectedRate(2e9, 100e9, 2.5)).toBe(125);
});

test("published models take the space that converting them gives, within 3%", () => {
  const known = { "SDAR-1.7B 8": 1.8e9, "SDAR-4B 4": 3.1e9, "SDAR-8B 8": 8.4e9, "SDAR-8B 4": 5.6e9 };
  for (const { name, shape, tied, bits } of publishedModels) {
    for (const width of bits) {
      const size = Object.entries(known).find(([key]) => key === `${name} ${width}`)?.[1];
      if (size === undefined) continue;
      expect(Math.abs(weightBytes(shape, width, tied) / size - 1)).toBeLessThan(0.03);
    }
  }
});

test("no pass is faster than reading the weights, nor than multiplying them with its rows", () => {
  const architecture = { ...tiny, ropeTheta: 1, normEps: 1, tiedEmbeddings: true, qkNorm: false };
  const costs = [64, 128].map((rows) => ({ rows, cached: 0, milliseconds: 9, best: rows === 64 ? 4 : 2 }));
  const peak = arithmeticPeak(architecture, costs);
  expect(peak).toEqual({ arithmetic: 64 * 2 * layerNumbers, arithmeticRows: 128 });
  const peaks = { ...peak, bandwidth: 1000 };
  const { reading, multiplying } = passFloor(architecture, 5000, 8, peaks);
  expect(reading).toBe(5);
  expect(multiplying).toBeCloseTo((8 * (2 * layerNumbers + 80)) / (64 * 2 * layerNumbers));
});

test.each([
  [{ kind: "f32" }, 576, 4],
  [{ kind: "q8", blockSize: 128 }, 2560, 1 + 4 / 128],
  [{ kind: "q8", blockSize: 128 }, 576, 1 + 4 / 64],
  [{ kind: "q8", blockSize: 32 }, 2560, 1 + 4 / 32],
  [{ kind: "q4", blockSize: 32 }, 2560, 1 + 4 / 128],
  [{ kind: "q8", blockSize: 128 }, 200, 4],
] as const)(
  "of weights in %j a pass reads no embedding of its own",
  (weights, hiddenSize, bytesPerNumber) => {
    const common = { ...tiny, hiddenSize, ropeTheta: 1, normEps: 1, qkNorm: false };
    const read = (tiedEmbeddings: boolean) =>
      bytesRead({ architecture: { ...common, tiedEmbeddings }, weights }, 1e6);
    expect(read(true)).toBe(1e6);
    expect(read(false)).toBe(1e6 - 10 * hiddenSize * bytesPerNumber);
  },
);

test("the cache's room doubles up to the context, beside the room that it grew out of", () => {
  const architecture = { ...tiny, ropeTheta: 1, normEps: 1, tiedEmbeddings: true, qkNorm: false };
  const room = (tokens: number) =>
    memoryNeeds({ architecture, contextLength: 3000 }, 1e6, tokens, { rows: 64, asked: 4 }).cache /
    cacheBytesPerToken(architecture);
  expect([10, 256, 257, 1024, 2500].map(room)).toEqual([256, 256, 1.5 * 512, 1.5 * 1024, 1.5 * 3000]);
});
