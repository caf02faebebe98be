/** Weights of 4 or 8 bits: blocks of consecutive numbers of a row share one scale. */
export interface QuantizedRows {
  /** 8 bits: a byte a weight; 4 bits: two, the first in the low half. Zero is 128 or 8. */
  readonly data: Uint8Array;
  /** a 32-bit float a block */
  readonly scales: Float32Array;
}

/** How rows are cut: `blocksPerRow` blocks of `blockSize`, the last of which may reach beyond the row's end. */
export interface BlockShape {
  readonly columns: number;
  readonly blockSize: number;
  readonly blocksPerRow: number;
}

/**
 * Rounds each block of weights to the nearest multiples of its own scale, the layout of ONNX Runtime's MatMulNBits
 * without zero points: weight = (stored - zero) * scale, zero = 128. `weights` is any number of whole rows.
 */
export function quantizeTo8Bits(weights: Float32Array, shape: BlockShape): QuantizedRows {
  const scales = new Float32Array((weights.length / shape.columns) * shape.blocksPerRow);
  const data = new Uint8Array(scales.length * shape.blockSize).fill(128);
  forEachBlock(weights, shape, (block, start, count) => {
    const scale = Math.fround(Math.abs(furthestFromZero(weights, start, count)) / 127);
    const inverse = scale > 0 ? 1 / scale : 0;
    const to = block * shape.blockSize;
    // Storing a number in a byte array cuts its fraction: with the half, that is rounding.
    for (let at = 0; at < count; at++) data[to + at] = (weights[start + at] ?? 0) * inverse + 128.5;
    scales[block] = scale;
  });
  return { data, scales };
}

/**
 * The same with 16 steps, -8 to 7 around zero = 8. The number of largest magnitude becomes -8, whatever its sign, so
 * that the whole range is used: the scale may be negative.
 */
export function quantizeTo4Bits(weights: Float32Array, shape: BlockShape): QuantizedRows {
  const scales = new Float32Array((weights.length / shape.columns) * shape.blocksPerRow);
  const data = new Uint8Array((scales.length * shape.blockSize) / 2).fill(0x88);
  forEachBlock(weights, shape, (block, start, count) => {
    const scale = Math.fround(furthestFromZero(weights, start, count) / -8);
    const inverse = scale === 0 ? 0 : 1 / scale;
    const to = block * shape.blockSize;
    for (let at = 0; at < count; at++) {
      const step = Math.min(15, Math.floor((weights[start + at] ?? 0) * inverse + 8.5));
      setNibble(data, to + at, step);
    }
    scales[block] = scale;
  });
  return { data, scales };
}

function setNibble(data: Uint8Array, at: number, value: number): void {
  const byte = data[at >> 1] ?? 0;
  data[at >> 1] = at % 2 === 0 ? (byte & 0xf0) | value : (byte & 0x0f) | (value << 4);
}

function forEachBlock(
  weights: Float32Array,
  { columns, blockSize, blocksPerRow }: BlockShape,
  visit: (block: number, start: number, count: number) => void,
): void {
  const rows = weights.length / columns;
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocksPerRow; block++) {
      const start = block * blockSize;
      visit(row * blocksPerRow + block, row * columns + start, Math.min(blockSize, columns - start));
    }
  }
}

function furthestFromZero(weights: Float32Array, start: number, count: number): number {
  let furthest = 0;
  for (let at = start; at < start + count; at++) {
    const weight = weights[at] ?? 0;
    if (Math.abs(weight) > Math.abs(furthest)) furthest = weight;
  }
  return furthest;
}
