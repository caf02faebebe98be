/** Weights of 4 or 8 bits: blocks of consecutive numbers of a row share one scale. */
export interface QuantizedRows {
  /** 8 bits: a byte a weight; 4 bits: two, the first in the low half. Zero is 128 or 8. */
  readonly data: Uint8Array;
  /** a 32-bit float a block */
  readonly scales: Float32Array;
}

/**
 * Rounds each block of `blockSize` weights to the nearest multiples of its own scale, the layout of ONNX Runtime's
 * MatMulNBits without zero points: weight = (stored - zero) * scale, zero = 128.
 * `weights` is any number of whole rows whose length is a multiple of `blockSize`.
 */
export function quantizeTo8Bits(weights: Float32Array, blockSize: number): QuantizedRows {
  const data = new Uint8Array(weights.length);
  const scales = new Float32Array(weights.length / blockSize);
  for (let block = 0; block < scales.length; block++) {
    const start = block * blockSize;
    const scale = Math.fround(largestMagnitude(weights, start, blockSize) / 127);
    const inverse = scale > 0 ? 1 / scale : 0;
    scales[block] = scale;
    for (let at = start; at < start + blockSize; at++) {
      data[at] = Math.round((weights[at] ?? 0) * inverse) + 128;
    }
  }
  return { data, scales };
}

/**
 * The same with 16 steps, -8 to 7 around zero = 8. The number of largest magnitude becomes -8, whatever its sign, so
 * that the whole range is used: the scale may be negative.
 */
export function quantizeTo4Bits(weights: Float32Array, blockSize: number): QuantizedRows {
  const data = new Uint8Array(weights.length / 2);
  const scales = new Float32Array(weights.length / blockSize);
  for (let block = 0; block < scales.length; block++) {
    const start = block * blockSize;
    const scale = Math.fround(furthestFromZero(weights, start, blockSize) / -8);
    const inverse = scale === 0 ? 0 : 1 / scale;
    scales[block] = scale;
    for (let at = start; at < start + blockSize; at += 2) {
      const low = Math.min(15, Math.round((weights[at] ?? 0) * inverse) + 8);
      const high = Math.min(15, Math.round((weights[at + 1] ?? 0) * inverse) + 8);
      data[at / 2] = low | (high << 4);
    }
  }
  return { data, scales };
}

function largestMagnitude(weights: Float32Array, start: number, count: number): number {
  return Math.abs(furthestFromZero(weights, start, count));
}

function furthestFromZero(weights: Float32Array, start: number, count: number): number {
  let furthest = 0;
  for (let at = start; at < start + count; at++) {
    const weight = weights[at] ?? 0;
    if (Math.abs(weight) > Math.abs(furthest)) furthest = weight;
  }
  return furthest;
}
