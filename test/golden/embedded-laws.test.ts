import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { Session } from "../../src/engine/decoding/session.ts";
import { defaultSettings, openChain, openModelGraph, type DecodingSettings } from "../../src/engine/index.ts";
import { loadModelFolder, openTokenizer } from "../../src/model/index.ts";
import { decode, probe, type Decoded } from "./decoded.ts";

/**
 * The laws of guess and check on the model that ships. Its weights are rounded to 8 bits and so are activations: two ways of
 * computing the same part where two tokens are nearly equally likely (docs/performance.md), and nowhere else.
 */
const path = fileURLToPath(new URL("../../assets/embedded", import.meta.url));
const tokenizer = await openTokenizer(await loadModelFolder(path));
const { config, graph } = await openModelGraph(path, { device: "cpu", threads: 0 });
const chain = await openChain(path, config);
afterAll(async () => {
  await chain?.close();
  await graph.close();
});

/** A lead of this many nats is not turned by rounding. */
const clearLead = 0.5;

const prompts = ["What is the capital of France?", "List five fruits.", "What is 12 + 30? Show each step."];
const windows = [
  { blockLength: 2, draftThreshold: 0, lookaheadThreshold: 0, hedgeThreshold: 0 },
  { blockLength: 4, draftThreshold: 0.2, lookaheadThreshold: 0.3, hedgeThreshold: 2 },
  { blockLength: 8, draftThreshold: 0.05, lookaheadThreshold: 0, hedgeThreshold: 0.1 },
] as const;
const temperatures = [0, 0.7] as const;
const cases = prompts.flatMap((content, index) =>
  temperatures.map((temperature) => ({ content, temperature, window: windows[index] ?? windows[0] })),
);

async function decoded(content: string, settings: DecodingSettings, chained = true) {
  const text = tokenizer.renderChat([{ role: "user", content }], { addGenerationPrompt: true });
  const promptIds = tokenizer.encodeChat(text);
  graph.truncate(0);
  const session = new Session(config, graph, chained ? chain : undefined);
  const result = await decode(session, { promptIds, settings });
  return { ...result, promptIds, cached: graph.cached, logits: await probe(session) };
}

/** By how much the token placed at a position led the best other one, nats. */
function leadAt({ steps }: Decoded, position: number): number {
  const readings = steps.flatMap((step) => step.readings.filter((each) => each.position === position));
  const placed = readings.at(-1);
  return Math.log((placed?.confidence ?? Number.NaN) / (placed?.runnersUp[0]?.probability ?? Number.NaN));
}

const parted: number[] = [];

test.each(cases)(
  "$content, temperature $temperature, block length $window.blockLength: the text of one token at a time",
  async ({ content, temperature, window }) => {
    const settings = { ...defaultSettings(1), ...window, temperature, seed: 7, maxTokens: 24 };
    const single = await decoded(content, { ...settings, strategy: "sequential", blockLength: 1 });
    const guessed = await decoded(content, { ...settings, strategy: "self_speculative" });
    const end = single.promptIds.length + settings.maxTokens;
    const at = single.ids.slice(0, end).findIndex((token, index) => token !== guessed.ids[index]);
    const isSame = at === -1;
    if (!isSame) parted.push(at);
    // Drawn tokens part where noise and probability together are near, which readings do not tell.
    expect(isSame || temperature > 0 || leadAt(single, at) < clearLead).toBe(true);
  },
);

test("few of those texts part", () => {
  expect(parted.length).toBeLessThanOrEqual(cases.length / 2);
});

test("guesses behind the token that was chosen save passes", async () => {
  const settings = { ...defaultSettings(4), strategy: "self_speculative", maxTokens: 40 } as const;
  const passes = { chained: 0, own: 0 };
  for (const content of prompts) {
    passes.chained += (await decoded(content, settings)).steps.length;
    passes.own += (await decoded(content, settings, false)).steps.length;
  }
  expect(passes.chained).toBeLessThan(passes.own);
});

test("what guessing leaves in the cache is what a prefill of the same text would", async () => {
  const settings = { ...defaultSettings(4), strategy: "self_speculative", maxTokens: 24 } as const;
  const { ids, cached, logits } = await decoded("Tell me a short story about a dog.", settings);
  graph.truncate(0);
  const session = new Session(config, graph);
  await decode(session, { promptIds: ids.slice(0, cached + 1), settings: { ...settings, maxTokens: 1 } });
  graph.truncate(cached);
  const prefilled = await probe(session);
  const width = config.architecture.vocabSize;
  for (let row = 0; row < 3; row++) {
    const [a, b] = [logits, prefilled].map((all) => all.subarray(row * width, (row + 1) * width));
    expect(divergence(a, b)).toBeLessThan(0.1);
  }
});

/** KL(a || b) of two rows of logits, nats. */
function divergence(a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()): number {
  const [ofA, ofB] = [logSumExp(a), logSumExp(b)];
  return a.reduce((sum, score, at) => sum + Math.exp(score - ofA) * (score - ofA - ((b[at] ?? 0) - ofB)), 0);
}

function logSumExp(row: Float32Array): number {
  const largest = row.reduce((most, score) => Math.max(most, score), -Infinity);
  return largest + Math.log(row.reduce((sum, score) => sum + Math.exp(score - largest), 0));
}
