import type { DecodingSettings } from "../settings.ts";

/**
 * The least score a token must have to be drawn: top-k keeps every score >= the k-th largest; of what is left, top-p
 * keeps a token as long as those above it have not more than `topP` of the probability together (the first always).
 * JetAstra/SDAR, huggingface_bd3.py (top_k_logits, top_p_logits), save that ties at the nucleus' edge stay together.
 * @param descending the largest scores, or all of them if `complete`
 * @returns undefined if it depends on scores that are not among `descending`
 */
export function leastScore(
  descending: ArrayLike<number>,
  complete: boolean,
  logSumExp: number,
  { topK, topP }: Pick<DecodingSettings, "topK" | "topP">,
): number | undefined {
  const limited = topK > 0 && (topK < descending.length || !complete);
  const count = limited ? countOfTop(descending, topK, complete) : descending.length;
  if (count === undefined) return undefined;
  if (topP >= 1) return limited ? descending[count - 1] : complete ? -Infinity : undefined;
  const total = limited ? logSum(descending, count) : logSumExp;
  let before = 0;
  for (let index = 0; index < count; index++) {
    if (index > 0 && before > topP) return descending[index - 1];
    before += Math.exp((descending[index] ?? 0) - total);
  }
  if (limited || complete || before > topP) return descending[count - 1];
  return undefined;
}

/** How many scores are >= the k-th; undefined if that may be more than are given. */
function countOfTop(descending: ArrayLike<number>, k: number, complete: boolean): number | undefined {
  const kth = descending[k - 1];
  if (kth === undefined) return undefined;
  let count = k;
  while (count < descending.length && descending[count] === kth) count++;
  return count === descending.length && !complete ? undefined : count;
}

function logSum(descending: ArrayLike<number>, count: number): number {
  const first = descending[0] ?? 0;
  let sum = 0;
  for (let index = 0; index < count; index++) sum += Math.exp((descending[index] ?? 0) - first);
  return first + Math.log(sum);
}
