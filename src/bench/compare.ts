import type { Contender } from "./contenders.ts";
import type { DecodingRun } from "./decode-once.ts";

/** One prompt decoded by every contender, one right after the other. */
export interface Turn {
  /** index of the prompt */
  readonly prompt: number;
  readonly round: number;
  /** in the order of the contenders */
  readonly runs: readonly DecodingRun[];
}

export interface CompareOptions {
  readonly rounds: number;
  /** of a reply, at most */
  readonly maxTokens: number;
  /** ends the comparison; what was measured by then is the answer */
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, of: number) => void;
}

/**
 * Decodes every prompt with every contender, `rounds` times after one prompt that warms up. The contenders take turns
 * at each prompt, and another one begins each time: the machine's speed drifts, and so its drift hits all alike.
 * @returns the turns in which every contender came to its end
 */
export async function compareDecoding(
  prompts: readonly (readonly number[])[],
  contenders: readonly Contender[],
  { rounds, maxTokens, signal, progress = () => {} }: CompareOptions,
): Promise<Turn[]> {
  const turns: Turn[] = [];
  const of = contenders.length * (1 + rounds * prompts.length);
  let done = 0;
  const turn = async (prompt: readonly number[], first: number): Promise<DecodingRun[] | undefined> => {
    const runs: DecodingRun[] = [];
    for (let step = 0; step < contenders.length; step++) {
      const index = (first + step) % contenders.length;
      const contender = contenders[index];
      if (contender === undefined || signal?.aborted) return undefined;
      runs[index] = await contender.decode(prompt, maxTokens, signal);
      progress(++done, of);
    }
    return signal?.aborted ? undefined : runs;
  };
  await turn(prompts[0] ?? [], 0);
  for (let round = 0; round < rounds; round++) {
    for (const [prompt, ids] of prompts.entries()) {
      const runs = await turn(ids, round * prompts.length + prompt);
      if (runs === undefined) return turns;
      turns.push({ prompt, round, runs });
    }
  }
  return turns;
}
