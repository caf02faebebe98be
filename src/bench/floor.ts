import { defaultBlockSizes, dividingBlockSize, type ModelConfig } from "../model/index.ts";
import type { PassCost } from "./pass-cost.ts";

type Architecture = ModelConfig["architecture"];

/** What no pass can be faster than on this machine. */
export interface MachinePeaks {
  /** bytes a millisecond that the threads together read from memory, or that a GPU is said to; NaN: not known */
  readonly bandwidth: number;
  /** multiplications with additions a millisecond: the best rate of any pass that was measured */
  readonly arithmetic: number;
  /** rows of that pass */
  readonly arithmeticRows: number;
}

/** Weights that a row is multiplied with in the layers. */
export function layerWeights({
  layers,
  hiddenSize,
  intermediateSize,
  heads,
  kvHeads,
  headDim,
}: Architecture): number {
  const attention = hiddenSize * headDim * (2 * heads + 2 * kvHeads);
  return layers * (attention + 3 * hiddenSize * intermediateSize);
}

/** Weights that an asked row is multiplied with in the head. */
export function headWeights({ vocabSize, hiddenSize }: Architecture): number {
  return vocabSize * hiddenSize;
}

/**
 * The arithmetic peak as passes of many rows show it: they are bound by nothing else. Attention and the small nodes
 * are in their time but are not counted, so the chip can do a little more.
 * @param costs passes without asked rows; the fastest time of each counts
 */
export function arithmeticPeak(
  architecture: Architecture,
  costs: readonly PassCost[],
): Pick<MachinePeaks, "arithmetic" | "arithmeticRows"> {
  const rates = costs.map(({ rows, best }) => ({
    arithmeticRows: rows,
    arithmetic: (rows * layerWeights(architecture)) / best,
  }));
  return rates.reduce((a, b) => (b.arithmetic > a.arithmetic ? b : a));
}

/**
 * Of a model's weights the bytes that a pass reads: all but an embedding that is not the head too, of which it takes
 * single rows.
 */
export function bytesRead(
  { architecture, weights }: Pick<ModelConfig, "architecture" | "weights">,
  weightBytes: number,
): number {
  return architecture.tiedEmbeddings ? weightBytes : weightBytes - tableBytes(architecture, weights);
}

/** A matrix of the vocabulary as `convert` writes it: 8 bits and a scale a block, floats where no block divides a row. */
function tableBytes({ vocabSize, hiddenSize }: Architecture, weights: ModelConfig["weights"]): number {
  const wanted = weights.kind === "q8" ? weights.blockSize : defaultBlockSizes.q8;
  const block = weights.kind === "f32" ? undefined : dividingBlockSize(hiddenSize, wanted);
  const bytesPerNumber = block === undefined ? 4 : 1 + 4 / block;
  return vocabSize * hiddenSize * bytesPerNumber;
}

/**
 * The least milliseconds a pass can take: reading the weights once, or multiplying them with its rows.
 * @param bytes see bytesRead
 */
export function passFloor(
  architecture: Architecture,
  bytes: number,
  rows: number,
  { bandwidth, arithmetic }: MachinePeaks,
): { readonly reading: number; readonly multiplying: number } {
  const weights = layerWeights(architecture) + headWeights(architecture);
  return { reading: bytes / bandwidth, multiplying: (rows * weights) / arithmetic };
}
