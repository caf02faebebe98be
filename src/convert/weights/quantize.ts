/** Weights of 4 or 8 bits: blocks of consecutive numbers share one scale. */
export interface QuantizedBlocks {
  /** 8 bits: a byte a weight; 4 bits: two, the first in the low half. Zero is 128 or 8. */
  readonly data: Uint8Array;
  /** a 32-bit float a block */
  readonly scales: Float32Array;
}

/**
 * Rounds each block of weights to the nearest multiples of its own scale, the layout of ONNX Runtime's MatMulNBits
 * without zero points: weight = (stored - zero) * scale, zero = 128. `weights` is any number of whole blocks.
 */
export function quantizeTo8Bits(weights: Float32Array, blockSize: number): QuantizedBlocks {
  const scales = new Float32Array(weights.length / blockSize);
  const data = new Uint8Array(weights.length);
  for (let block = 0; block < scales.length; block++) {
    const [start, end] = [block * blockSize, (block + 1) * blockSize];
    const scale = Math.fround(Math.abs(furthestFromZero(weights, start, end)) / 127);
    const inverse = scale > 0 ? 1 / scale : 0;
    // Storing a number in a byte array cuts its fraction: with the half, that is rounding.
    for (let at = start; at < end; at++) data[at] = (weights[at] ?? 0) * inverse + 128.5;
    scales[block] = scale;
  }
  return { data, scales };
}

/**
 * The same with 16 steps, -8 to 7 around zero = 8. The number of largest magnitude becomes -8, whatever its sign, so
 * that the whole range is used: the scale may be negative.
 */
export function quantizeTo4Bits(weights: Float32Array, blockSize: number): QuantizedBlocks {
  const scales = new Float32Array(weights.length / blockSize);
  const data = new Uint8Array(weights.length / 2);
  for (let block = 0; block < scales.length; block++) {
    const [start, end] = [block * blockSize, (block + 1) * blockSize];
    const scale = Math.fround(furthestFromZero(weights, start, end) / -8);
    const inverse = scale === 0 ? 0 : 1 / scale;
    const step = (at: number) => Math.min(15, Math.floor((weights[at] ?? 0) * inverse + 8.5));
    for (let at = start; at < end; at += 2) data[at >> 1] = step(at) | (step(at + 1) << 4);
    scales[block] = scale;
  }
  return { data, scales };
}

function furthestFromZero(weights: Float32Array, start: number, end: number): number {
  let furthest = 0;
  for (let at = start; at < end; at++) {
    const weight = weights[at] ?? 0;
    if (Math.abs(weight) > Math.abs(furthest)) furthest = weight;
  }
  return furthest;
}
