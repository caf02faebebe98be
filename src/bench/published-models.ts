import type { ModelShape } from "./expectation.ts";

/** A published checkpoint, and what of it docs/expectations.md predicts. */
export interface PublishedModel {
  readonly name: string;
  readonly shape: ModelShape;
  readonly tied: boolean;
  readonly bits: readonly (4 | 8)[];
}

/** The shapes of the models' config.json files. */
export const publishedModels: readonly PublishedModel[] = [
  {
    name: "SDAR-1.7B",
    shape: {
      layers: 28,
      hiddenSize: 2048,
      intermediateSize: 6144,
      heads: 16,
      kvHeads: 8,
      headDim: 128,
      vocabSize: 151_936,
    },
    tied: true,
    bits: [8, 4],
  },
  {
    name: "SDAR-4B",
    shape: {
      layers: 36,
      hiddenSize: 2560,
      intermediateSize: 9728,
      heads: 32,
      kvHeads: 8,
      headDim: 128,
      vocabSize: 151_936,
    },
    tied: false,
    bits: [8, 4],
  },
  {
    name: "SDAR-8B",
    shape: {
      layers: 36,
      hiddenSize: 4096,
      intermediateSize: 12_288,
      heads: 32,
      kvHeads: 8,
      headDim: 128,
      vocabSize: 151_936,
    },
    tied: false,
    bits: [8, 4],
  },
  {
    name: "SDAR-30B-A3B",
    shape: {
      layers: 48,
      hiddenSize: 2048,
      intermediateSize: 768,
      heads: 32,
      kvHeads: 4,
      headDim: 128,
      vocabSize: 151_936,
      experts: { total: 128, perToken: 8 },
    },
    tied: false,
    bits: [4],
  },
];

/** A device on paper: the maker's figures. */
export interface PaperDevice {
  readonly name: string;
  /** bytes a second */
  readonly bandwidth: number;
  /** bytes that weights and cache may take */
  readonly memory: number;
}

export const paperDevices: readonly PaperDevice[] = [
  { name: "laptop, LPDDR5X-7500", bandwidth: 120e9, memory: 12e9 },
  { name: "8 GB (RTX 4060)", bandwidth: 272e9, memory: 7.5e9 },
  { name: "12 GB (RTX 4070)", bandwidth: 504e9, memory: 11.5e9 },
  { name: "24 GB (RTX 4090)", bandwidth: 1008e9, memory: 23e9 },
  { name: "H100 SXM", bandwidth: 3350e9, memory: 78e9 },
];
