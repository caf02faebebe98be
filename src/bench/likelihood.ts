import { formOf, Rows, type Graph } from "../engine/index.ts";
import type { ModelConfig } from "../model/index.ts";

export interface Likelihood {
  /** tokens that were scored */
  readonly tokens: number;
  /** mean natural logarithm of their probabilities at temperature 1, nats a token */
  readonly mean: number;
}

/** Tokens scored in one pass at most: as many rows, twice as many where masks have their own. */
const mostTokens = 32;

/**
 * How probable the model finds `ids` from `from` on, each token given those before it: what decoding at block length 1
 * would have said. A pass has the tokens, each seeing those before it, and a mask for each position, seeing
 * the tokens before that position; where a token is the row of the mask behind it (see the engine's forms), the tokens only.
 * Empties the cache.
 * @param from 1 or more
 * @throws the signal's reason, between two passes
 */
export async function likelihoodInOrder(
  graph: Graph,
  config: ModelConfig,
  ids: readonly number[],
  from = 1,
  signal?: AbortSignal,
): Promise<Likelihood> {
  graph.truncate(0);
  const rows = new Rows();
  let total = 0;
  const chunk = Math.min(mostTokens, Math.floor(graph.mostRows / 2));
  for (let start = 1; start < ids.length; start += chunk) {
    signal?.throwIfAborted();
    const end = Math.min(start + chunk, ids.length);
    const first = Math.max(start, from);
    layOut(rows, config, ids, { start, first, end });
    const { logits, logSumExp } = await graph.run(rows, 1, first < end);
    graph.keep(end - start);
    for (let slot = first; slot < end; slot++) {
      const row = slot - first;
      const score = logits?.[row * config.architecture.vocabSize + (ids[slot] ?? 0)];
      total += (score ?? Number.NaN) - (logSumExp[row] ?? Number.NaN);
    }
  }
  graph.truncate(0);
  const tokens = ids.length - from;
  return { tokens, mean: total / tokens };
}

/** The tokens before the slots `start`..`end`, then a mask for each slot from `first` on. */
function layOut(
  rows: Rows,
  config: ModelConfig,
  ids: readonly number[],
  { start, first, end }: Readonly<Record<"start" | "first" | "end", number>>,
): void {
  rows.clear();
  const tokens = end - start;
  for (let position = start - 1; position < end - 1; position++) rows.add(ids[position] ?? 0, position);
  rows.settled = tokens;
  if (formOf(config).sharesFirst) {
    for (let slot = first; slot < end; slot++) rows.ask(slot, slot - start);
    rows.look((row, other) => other < row);
    return;
  }
  const carries = config.maskCarryTokenId !== undefined;
  for (let slot = first; slot < end; slot++) {
    if (carries) rows.add(ids[slot - 1] ?? 0, slot - 1, true);
    else rows.add(config.maskTokenId, slot);
    rows.ask(slot);
  }
  // A mask that carries a token must not see it: its own row stands for it (see the engine's forms).
  const visible = (row: number) => (row < tokens ? row : row - tokens + first - start + (carries ? 0 : 1));
  rows.look((row, other) => other < tokens && other < visible(row));
}
