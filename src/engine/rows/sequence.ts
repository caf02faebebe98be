/** Ids with the partition their keys and values were, or will be, computed with. */
export interface PartitionedText {
  readonly ids: readonly number[];
  /** block ends, ascending; empty with causal context */
  readonly borders: readonly number[];
}

/** A prompt and its reply while it is decoded. */
export interface Sequence extends PartitionedText {
  /** of every position so far; masked ones hold the mask id */
  readonly ids: number[];
  readonly borders: number[];
  /** positions not decided yet, ascending: all of them in the block that is open */
  masked: number[];
}

/** Up to here every position is decided. */
export function decidedEnd({ ids, masked }: Sequence): number {
  return masked[0] ?? ids.length;
}

/** How many leading ids two texts share. */
export function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length++;
  return length;
}

/** The largest border up to which both texts have the same ids and the same borders; 0 if there is none. */
export function commonBorder(a: PartitionedText, b: PartitionedText): number {
  const ids = commonPrefix(a.ids, b.ids);
  let common = 0;
  for (const [index, border] of a.borders.entries()) {
    if (border !== b.borders[index] || border > ids) break;
    common = border;
  }
  return common;
}

/** The end of the block that starts at `start`: the next multiple of the block length. */
export function nextBlockEnd(start: number, blockLength: number): number {
  return (Math.floor(start / blockLength) + 1) * blockLength;
}

/**
 * Block ends of a prompt: the recorded ones, then the multiples of the block length.
 * @param recorded ascending; those behind the prompt's end are left out
 */
export function partition(length: number, recorded: readonly number[], blockLength: number): number[] {
  const borders = recorded.filter((border) => border <= length);
  for (let end = nextBlockEnd(borders.at(-1) ?? 0, blockLength); end <= length; end += blockLength) {
    borders.push(end);
  }
  return borders;
}
