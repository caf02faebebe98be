/** A stretch of two texts: the same words, or different ones ("" where one text has none there). */
export type Stretch =
  | { readonly kind: "same"; readonly text: string }
  | { readonly kind: "different"; readonly texts: readonly [string, string] };

/** Fewer words than this that are the same by chance only cut a difference to pieces. */
const leastCommon = 3;
/** Pairs of words that are looked at, at most: beyond that what differs is one stretch. */
const mostPairs = 4_000_000;

/** Where two texts are the same and where not, word by word; white space between words does not count. */
export function diffWords(a: string, b: string): Stretch[] {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const stretches: Stretch[] = [];
  let [i, j] = [0, 0];
  for (const { at, to, length } of [...commonRuns(left, right), end(left, right)]) {
    if (at > i || to > j) {
      const texts = [left.slice(i, at).join(" "), right.slice(j, to).join(" ")] as const;
      stretches.push({ kind: "different", texts });
    }
    if (length > 0) stretches.push({ kind: "same", text: left.slice(at, at + length).join(" ") });
    [i, j] = [at + length, to + length];
  }
  return stretches;
}

interface Run {
  /** first word in the left and in the right text */
  readonly at: number;
  readonly to: number;
  readonly length: number;
}

const end = (left: readonly string[], right: readonly string[]): Run => ({
  at: left.length,
  to: right.length,
  length: 0,
});

const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== "");

/** Runs of words that both have, in order: the same beginning, the same end, between them long enough ones. */
function commonRuns(left: readonly string[], right: readonly string[]): Run[] {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start++;
  let tail = 0;
  while (tail < shorter - start && left.at(-1 - tail) === right.at(-1 - tail)) tail++;
  const inner = longestCommon(left.slice(start, left.length - tail), right.slice(start, right.length - tail));
  const runs = inner
    .filter(({ length }) => length >= leastCommon)
    .map(({ at, to, length }) => ({ at: at + start, to: to + start, length }));
  const first = { at: 0, to: 0, length: start };
  const last = { at: left.length - tail, to: right.length - tail, length: tail };
  return [first, ...runs, last].filter(({ length }) => length > 0);
}

/** The longest common subsequence, as runs. */
function longestCommon(left: readonly string[], right: readonly string[]): Run[] {
  if (left.length * right.length > mostPairs) return [];
  const columns = right.length + 1;
  const lengths = new Uint16Array((left.length + 1) * columns);
  const longest = (i: number, j: number) => lengths[i * columns + j] ?? 0;
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const skipped = Math.max(longest(i + 1, j), longest(i, j + 1));
      lengths[i * columns + j] = left[i] === right[j] ? longest(i + 1, j + 1) + 1 : skipped;
    }
  }
  const runs: Run[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    const before = runs.at(-1);
    if (left[i] !== right[j]) {
      if (longest(i + 1, j) >= longest(i, j + 1)) i++;
      else j++;
      continue;
    }
    const goesOn = before !== undefined && before.at + before.length === i && before.to + before.length === j;
    if (goesOn) runs[runs.length - 1] = { ...before, length: before.length + 1 };
    else runs.push({ at: i, to: j, length: 1 });
    i++;
    j++;
  }
  return runs;
}
