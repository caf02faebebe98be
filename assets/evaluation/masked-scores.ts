/** What a model says at masked positions, summed. */
export interface MaskedSums {
  positions: number;
  /** the most probable token is that of the text */
  right: number;
  /** natural logarithm of the probability of the text's token */
  logLikelihood: number;
  /** probability of the most probable token */
  certainty: number;
}

export interface MaskedScores {
  /** by block length, then by number of masks */
  readonly byMasks: Record<number, Record<number, MaskedSums>>;
  /** blocks that are all masks: by block length, then by place in the block from 0 */
  readonly byPlace: Record<number, Record<number, MaskedSums>>;
  /** guesses, which are all but the first mask of such blocks: by block length, then by certainty, in tenths from 0 */
  readonly byCertainty: Record<number, Record<number, MaskedSums>>;
}

/** What one masked position gave. */
export interface MaskedResult {
  readonly right: boolean;
  readonly logLikelihood: number;
  readonly certainty: number;
}

export const noScores = (): MaskedScores => ({ byMasks: {}, byPlace: {}, byCertainty: {} });

/** Adds what one text gave to all. */
export function addScores(all: MaskedScores, some: MaskedScores): void {
  for (const by of ["byMasks", "byPlace", "byCertainty"] as const) {
    for (const [length, sums] of Object.entries(some[by])) {
      for (const [key, one] of Object.entries(sums)) {
        addSums(sumsAt((all[by][Number(length)] ??= {}), Number(key)), one);
      }
    }
  }
}

/** 0 to 9, and 9 for a certainty of 1 too. */
export const tenthOf = (certainty: number) => Math.min(9, Math.floor(10 * certainty));

export function addTo(by: Record<number, MaskedSums>, key: number, { right, ...result }: MaskedResult): void {
  addSums(sumsAt(by, key), { ...result, positions: 1, right: right ? 1 : 0 });
}

function sumsAt(by: Record<number, MaskedSums>, key: number): MaskedSums {
  return (by[key] ??= { positions: 0, right: 0, logLikelihood: 0, certainty: 0 });
}

function addSums(all: MaskedSums, one: MaskedSums): void {
  all.positions += one.positions;
  all.right += one.right;
  all.logLikelihood += one.logLikelihood;
  all.certainty += one.certainty;
}
