import { expect, test } from "vitest";
import type { DecodingFigures } from "../../src/bench/index.ts";
import { machineText, shareText } from "../../src/cli/bench/machine-text.ts";

const architecture = {
  layers: 1,
  hiddenSize: 1000,
  intermediateSize: 1000,
  heads: 1,
  kvHeads: 1,
  headDim: 1000,
  vocabSize: 25_000,
  ropeTheta: 1,
  normEps: 1,
  tiedEmbeddings: false,
  qkNorm: false,
} as const;
/** of its 300 MB the embedding has 100 */
const model = { architecture, weights: { kind: "f32" }, weightBytes: 300e6 } as const;
const cost = { rows: 1, cached: 256, milliseconds: 20, best: 20 };
const machine = {
  peaks: { bandwidth: 10e6, arithmetic: 1e9, arithmeticRows: 64 },
  byRows: [cost],
  byLength: [{ cached: 256, cacheBytes: 0, costs: [cost] }],
};
const inOrder: DecodingFigures = {
  name: "block length 1",
  curve: "block length 1",
  blockLength: 1,
  tokensPerSecond: 25,
  tokensPerSecondSpread: 0,
  ratio: 1,
  ratioSpread: 0,
  tokensPerPass: 1,
  passesPerSecond: 25,
  millisecondsPerPass: 40,
  acceptedDrafts: Number.NaN,
  firstTextMilliseconds: 20,
};

test("the floor of a pass is the time to read all but an embedding of its own", () => {
  const text = machineText(model, machine);
  expect(text).toContain("floor: reading 200 MB at 10.0 GB/s");
  expect(text).toMatch(/^ +1 +20\.0 +20\.0 +1\.00x +20\.0 +1\.00x$/m);
});

test("on paper a pass reads all but an embedding of its own", () => {
  const row = Object.assign({ logLikelihood: Number.NaN, right: Number.NaN }, inOrder);
  const report = { prompts: 1, questions: 0, rounds: 1, answers: 1, rows: [row], kinds: [] };
  expect(shareText(model, machine, report)).toMatch(/^block length 1 +1\.00 +50\.0 +25\.0 +50%$/m);
});
