/** Weights that share a scale, if nobody says otherwise. Rows that 128 doesn't divide take the next smaller power. */
export const defaultBlockSizes = { q8: 128, q4: 32 } as const;

/** MatMulNBits takes no smaller blocks. */
const smallestBlock = 16;

/** The largest power of two up to `wanted` that divides a row of `columns`; undefined below MatMulNBits' least. */
export function dividingBlockSize(columns: number, wanted: number): number | undefined {
  let size = wanted;
  while (size >= smallestBlock && columns % size !== 0) size /= 2;
  return size >= smallestBlock ? size : undefined;
}
