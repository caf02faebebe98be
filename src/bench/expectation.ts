/** A model's shape as far as its bytes go. */
export interface ModelShape {
  readonly layers: number;
  readonly hiddenSize: number;
  /** of one expert, where there are experts */
  readonly intermediateSize: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocabSize: number;
  readonly experts?: { readonly total: number; readonly perToken: number };
}

export interface PassOnPaper {
  /** of the layers' weights */
  readonly bits: 4 | 8;
  readonly rows: number;
  /** tokens in the cache, whose keys and values are read too */
  readonly cached: number;
  /** of a number in the cache, and of a scale of the layers' weights: 2 on a GPU with 16-bit floats, else 4 */
  readonly numberBytes: 2 | 4;
}

/** Weights that share a scale: what `convert` writes. */
const blockSizes = { 8: 128, 4: 32 } as const;

function bytesPerWeight(bits: 4 | 8, numberBytes: 2 | 4): number {
  return bits / 8 + numberBytes / blockSizes[bits];
}

/**
 * Experts of a layer that at least one of `rows` tokens is sent to, if the router spreads them evenly: with experts a
 * pass of more rows reads more weights.
 */
export function touchedExperts(
  { total, perToken }: NonNullable<ModelShape["experts"]>,
  rows: number,
): number {
  return total * (1 - (1 - perToken / total) ** rows);
}

/** Bytes that a pass must read from memory: the weights its rows touch (the vocabulary at 8 bits, scales of 32), and the cache. */
export function bytesPerPass(shape: ModelShape, { bits, rows, cached, numberBytes }: PassOnPaper): number {
  const { layers, hiddenSize, intermediateSize, heads, kvHeads, headDim, vocabSize, experts } = shape;
  const attention = hiddenSize * headDim * (2 * heads + 2 * kvHeads);
  const mlp = 3 * hiddenSize * intermediateSize * (experts ? touchedExperts(experts, rows) : 1);
  const cache = cached * layers * 2 * kvHeads * headDim * numberBytes;
  return (
    layers * (attention + mlp) * bytesPerWeight(bits, numberBytes) +
    vocabSize * hiddenSize * bytesPerWeight(8, 4) +
    cache
  );
}

/** Bytes of all weights at these bits, an untied vocabulary counted twice: those of the file, and what a device must hold. */
export function weightBytes(shape: ModelShape, bits: 4 | 8, tied: boolean): number {
  const everywhere = shape.experts ? { ...shape.experts, perToken: shape.experts.total } : undefined;
  const all = { ...shape, ...(everywhere && { experts: everywhere }) };
  const once = bytesPerPass(all, { bits, rows: 1, cached: 0, numberBytes: 4 });
  return once + (tied ? 0 : shape.vocabSize * shape.hiddenSize * bytesPerWeight(8, 4));
}

/**
 * Kept tokens a second where nothing but memory limits a pass.
 * @param bytes read by a pass
 * @param bandwidth bytes a second
 */
export function expectedRate(bytes: number, bandwidth: number, tokensPerPass: number): number {
  return (tokensPerPass * bandwidth) / bytes;
}
