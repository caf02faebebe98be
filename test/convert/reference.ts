import type { ModelConfig } from "../../src/model/index.ts";
import { quantizeTo4Bits, quantizeTo8Bits } from "../../src/convert/weights/quantize.ts";
import type { QuantizedBlocks } from "../../src/convert/weights/quantize.ts";

/** The numbers that quantised blocks stand for, by the formula of MatMulNBits: (stored - zero) * scale. */
export function dequantize({ data, scales }: QuantizedBlocks, bits: 4 | 8, blockSize: number): Float64Array {
  return Float64Array.from({ length: scales.length * blockSize }, (_, at) => {
    const stored = bits === 8 ? (data[at] ?? 0) : ((data[at >> 1] ?? 0) >> (4 * (at % 2))) & 15;
    return (stored - (bits === 8 ? 128 : 8)) * (scales[Math.floor(at / blockSize)] ?? 0);
  });
}

/** A matrix as a model folder stores it: [rows, columns], rounded in blocks or not. */
interface Matrix {
  readonly numbers: ArrayLike<number>;
  readonly columns: number;
  readonly blockSize?: number;
}

export interface Weights {
  vector(name: string): ArrayLike<number>;
  matrix(name: string, columns: number): Matrix;
}

/** Rounds the checkpoint's matrices in blocks: `bits` and size for each name, undefined for none. */
export function roundedWeights(
  tensors: ReadonlyMap<string, ArrayLike<number>>,
  blocksOf: (name: string, columns: number) => { bits: 4 | 8; blockSize: number } | undefined,
): Weights {
  const vector = (name: string) => tensors.get(name) ?? [];
  return {
    vector,
    matrix(name, columns) {
      const blocks = blocksOf(name, columns);
      if (!blocks) return { numbers: vector(name), columns };
      const { bits, blockSize } = blocks;
      const quantize = bits === 8 ? quantizeTo8Bits : quantizeTo4Bits;
      const numbers = dequantize(quantize(Float32Array.from(vector(name)), blockSize), bits, blockSize);
      return { numbers, columns, blockSize };
    },
  };
}

type Rows = readonly number[][];

/**
 * The transformer in plain loops and 64-bit numbers, as Qwen3's and Llama's papers have it: logits of each row, all
 * rows seeing each other, positions from 0. Matrices in blocks take activations rounded to 8 bits in the same blocks.
 * @param carrying rows that are masks at their token's place, whose carry embedding is nothing
 */
export function referenceLogits(
  config: ModelConfig,
  weights: Weights,
  ids: readonly number[],
  carrying: readonly number[] = [],
): Rows {
  const isMask = ids.map((id, row) => id === config.maskTokenId || carrying.includes(row));
  const { layers, hiddenSize, tiedEmbeddings, normEps } = config.architecture;
  const table = weights.matrix("model.embed_tokens.weight", hiddenSize);
  let x: Rows = ids.map((id) =>
    Array.from({ length: hiddenSize }, (_, at) => table.numbers[id * hiddenSize + at] ?? 0),
  );
  for (let layer = 0; layer < layers; layer++) {
    const prefix = `model.layers.${layer}`;
    const seen = normalise(x, weights.vector(`${prefix}.input_layernorm.weight`), normEps);
    x = add(x, attention(config, weights, `${prefix}.self_attn`, seen));
    const read = normalise(x, weights.vector(`${prefix}.post_attention_layernorm.weight`), normEps);
    x = add(x, mlp(config, weights, `${prefix}.mlp`, read, isMask));
  }
  const head = tiedEmbeddings ? table : weights.matrix("lm_head.weight", hiddenSize);
  return multiply(normalise(x, weights.vector("model.norm.weight"), normEps), head);
}

function mlp(
  config: ModelConfig,
  weights: Weights,
  prefix: string,
  x: Rows,
  isMask: readonly boolean[],
): Rows {
  const { hiddenSize, intermediateSize, maskNeurons = 0 } = config.architecture;
  const has = (row: number, neuron: number) =>
    isMask[row] === true || neuron < intermediateSize - maskNeurons;
  const gate = multiply(x, weights.matrix(`${prefix}.gate_proj.weight`, hiddenSize));
  const up = multiply(x, weights.matrix(`${prefix}.up_proj.weight`, hiddenSize));
  const gated = gate.map((row, r) =>
    row.map((value, c) => (has(r, c) ? (value / (1 + Math.exp(-value))) * (up[r]?.[c] ?? 0) : 0)),
  );
  return multiply(gated, weights.matrix(`${prefix}.down_proj.weight`, intermediateSize));
}

function attention(config: ModelConfig, weights: Weights, prefix: string, x: Rows): Rows {
  const { heads, kvHeads, headDim, hiddenSize } = config.architecture;
  const project = (letter: string) =>
    multiply(x, weights.matrix(`${prefix}.${letter}_proj.weight`, hiddenSize));
  const queries = turned(config, weights, `${prefix}.q_norm.weight`, project("q"), heads);
  const keys = turned(config, weights, `${prefix}.k_norm.weight`, project("k"), kvHeads);
  const values = project("v");
  const mixed = x.map((_, row) =>
    Array.from({ length: heads * headDim }, (__, at) => {
      const [head, inHead] = [Math.floor(at / headDim), at % headDim];
      const kv = Math.floor((head * kvHeads) / heads);
      const scores = keys.map((key) => dot(queries[row]?.[head] ?? [], key[kv] ?? []) / Math.sqrt(headDim));
      const highest = Math.max(...scores);
      const shares = scores.map((score) => Math.exp(score - highest));
      const sum = shares.reduce((a, b) => a + b, 0);
      return shares.reduce(
        (out, share, j) => out + (share / sum) * (values[j]?.[kv * headDim + inHead] ?? 0),
        0,
      );
    }),
  );
  return multiply(mixed, weights.matrix(`${prefix}.o_proj.weight`, heads * headDim));
}

/** Rows cut into heads, normalised where the model does that, and turned by their position. */
function turned(config: ModelConfig, weights: Weights, norm: string, x: Rows, heads: number): number[][][] {
  const { headDim, qkNorm, normEps, ropeTheta } = config.architecture;
  const half = headDim / 2;
  return x.map((row, position) =>
    Array.from({ length: heads }, (_, head) => {
      const part = row.slice(head * headDim, (head + 1) * headDim);
      const [plain = []] = qkNorm ? normalise([part], weights.vector(norm), normEps) : [part];
      return plain.map((value, at) => {
        const angle = position * ropeTheta ** (-(at % half) / half);
        const partner = at < half ? -(plain[at + half] ?? 0) : (plain[at - half] ?? 0);
        return value * Math.cos(angle) + partner * Math.sin(angle);
      });
    }),
  );
}

function normalise(x: Rows, weight: ArrayLike<number>, eps: number): number[][] {
  return x.map((row) => {
    const root = Math.sqrt(dot(row, row) / row.length + eps);
    return row.map((value, at) => (value / root) * (weight[at] ?? 0));
  });
}

function multiply(x: Rows, { numbers, columns, blockSize }: Matrix): number[][] {
  const rows = numbers.length / columns;
  return x.map((row) => {
    const taken = blockSize === undefined ? row : roundedTo8Bits(row, blockSize);
    return Array.from({ length: rows }, (_, out) => {
      let sum = 0;
      for (let at = 0; at < columns; at++) sum += (taken[at] ?? 0) * (numbers[out * columns + at] ?? 0);
      return sum;
    });
  });
}

function roundedTo8Bits(row: readonly number[], blockSize: number): number[] {
  return row.map((value, at) => {
    const start = at - (at % blockSize);
    const largest = Math.max(...row.slice(start, start + blockSize).map(Math.abs));
    const scale = largest / 127 || 1;
    return Math.round(value / scale) * scale;
  });
}

function add(a: Rows, b: Rows): number[][] {
  return a.map((row, r) => row.map((value, c) => value + (b[r]?.[c] ?? 0)));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}
