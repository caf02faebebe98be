import type { ModelConfig } from "../../model/index.ts";
import type { Graph } from "../graph/graph.ts";
import { Rows } from "../rows/rows.ts";

/** How a device's numbers compare with a reference. */
export interface CheckResult {
  /** KL(reference || device), nats: the mean over the rows asked of a pass, in the pass where it is largest */
  readonly divergence: number;
  /** rows whose most probable token is another, though the reference's lead is clear */
  readonly wrongTokens: number;
  /** rows of a pass that it computes right; 0: none */
  readonly rows: number;
}

/** Above this the numbers are another model's. Rounding gives a hundredth of it. */
const mostDivergence = 0.01;

/** A lead in logits that rounding does not turn. */
const clearLead = 0.5;

/** Tokens that are cached before the passes that are compared: more than one tile of any kernel. */
const context = 75;

/** Rows of the passes that are compared: kernels differ for one row, two, and more. */
const shortPasses = [1, 2, 8] as const;

/** And of long ones, beside as many as there may be: kernels work in tiles, which may be whole or not. */
const longPasses = [33, 64, 77] as const;

/**
 * Runs the same passes through both graphs. From 32 rows on another kernel computes attention: what it gives counts
 * for itself, and decides only how many rows a pass of the device may have.
 * @param reference with activations of 32 bits
 * @param proven rows of a pass for which the short passes speak
 */
export async function checkDevice(
  device: Graph,
  reference: Graph,
  config: ModelConfig,
  proven: number,
): Promise<CheckResult> {
  await fill(device, config, proven);
  await fill(reference, config, proven);
  const short = await compare(device, reference, config, shortPasses);
  if (!isRight(short)) return { ...short, rows: 0 };
  const more = device.mostRows > proven;
  const long = more ? await compare(device, reference, config, [...longPasses, device.mostRows]) : undefined;
  for (const graph of [device, reference]) graph.truncate(0);
  return { ...short, rows: long !== undefined && isRight(long) ? device.mostRows : proven };
}

type Comparison = Omit<CheckResult, "rows">;

const isRight = ({ divergence, wrongTokens }: Comparison) => divergence < mostDivergence && wrongTokens === 0;

async function fill(graph: Graph, config: ModelConfig, most: number): Promise<void> {
  graph.truncate(0);
  while (graph.cached < context) {
    const count = Math.min(most, context - graph.cached);
    const rows = rowsOf(config, graph.cached, count, (row, other) => other < row || other >> 2 === row >> 2);
    await graph.run(rows, 1, false);
    graph.keep(count);
  }
}

async function compare(
  device: Graph,
  reference: Graph,
  config: ModelConfig,
  passes: readonly number[],
): Promise<Comparison> {
  let [worst, wrongTokens] = [0, 0];
  for (const count of passes) {
    let divergence = 0;
    const rows = rowsOf(config, context, count, (row, other) => (row * 7 + other * 3) % 4 > 0);
    const [found, wanted] = [await device.run(rows, 1, true), await reference.run(rows, 1, true)];
    for (let slot = 0; slot < rows.slots.length; slot++) {
      const width = config.architecture.vocabSize;
      const line = (logits: Float32Array | undefined) =>
        logits?.subarray(slot * width, (slot + 1) * width) ?? new Float32Array();
      divergence += divergenceOf(line(wanted.logits), line(found.logits));
      if (isOtherToken(line(wanted.logits), found.topIndices[slot * config.topTokens] ?? -1)) wrongTokens++;
    }
    worst = Math.max(worst, divergence / rows.slots.length);
  }
  return { divergence: worst, wrongTokens };
}

/** Fixed rows, every third of which is a mask or carries; the last 8 are asked. */
function rowsOf(
  { architecture: { vocabSize }, maskTokenId, maskCarryTokenId }: ModelConfig,
  from: number,
  count: number,
  sees: (row: number, other: number) => boolean,
): Rows {
  const rows = new Rows();
  for (let row = 0; row < count; row++) {
    const token = ((from + row) * 7919 + 104_729) % vocabSize;
    const isThird = (from + row) % 3 === 2;
    const carries = isThird && maskCarryTokenId !== undefined;
    rows.add(isThird && !carries ? maskTokenId : token, from + row, carries);
    if (row >= count - 8) rows.ask(from + row);
  }
  rows.look(sees);
  rows.settled = count;
  return rows;
}

function divergenceOf(wanted: Float32Array, found: Float32Array): number {
  const [a, b] = [logSumExp(wanted), logSumExp(found)];
  let sum = 0;
  for (const [token, score] of wanted.entries()) {
    const logarithm = score - a;
    sum += Math.exp(logarithm) * (logarithm - ((found[token] ?? Number.NaN) - b));
  }
  return sum;
}

function logSumExp(scores: Float32Array): number {
  const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  return largest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - largest), 0));
}

/** Whether `token` is not the most probable one although that one leads clearly. */
function isOtherToken(wanted: Float32Array, token: number): boolean {
  const best = wanted.reduce((most, score) => Math.max(most, score), -Infinity);
  return best - (wanted[token] ?? -Infinity) > clearLead;
}
