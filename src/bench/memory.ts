import type { ModelConfig } from "../model/index.ts";

type Architecture = ModelConfig["architecture"];

/** Bytes of keys and values of one token. @param numberBytes of one number */
export function cacheBytesPerToken(
  { layers, kvHeads, headDim }: Architecture,
  numberBytes: number = Float32Array.BYTES_PER_ELEMENT,
): number {
  return 2 * layers * kvHeads * headDim * numberBytes;
}

/** What an engine holds in memory, in bytes. */
export interface MemoryNeeds {
  /** ONNX Runtime itself: what a model of no size adds to the program */
  readonly runtime: number;
  /** laid out for the processor; a vocabulary that is also the embedding stays mapped as it lies in the file */
  readonly weights: number;
  /** its room, which doubles from 256 tokens until they fit, and until that is collected the room it grew out of */
  readonly cache: number;
  /** what ONNX Runtime holds while a pass runs, and keeps for the next one */
  readonly arena: number;
}

const runtimeBytes = 42e6;

/**
 * The formula: runtime + weights + cache + arena.
 * @param tokens in the cache
 * @param rows of the largest pass; all of them may be asked for their logits
 */
export function memoryNeeds(
  { architecture, contextLength }: Pick<ModelConfig, "architecture" | "contextLength">,
  weightBytes: number,
  tokens: number,
  { rows, asked }: { readonly rows: number; readonly asked: number },
): MemoryNeeds {
  const { vocabSize, heads, intermediateSize, hiddenSize, tiedEmbeddings } = architecture;
  const room = Math.min(contextLength, Math.max(256, 2 ** Math.ceil(Math.log2(tokens))));
  const numbers =
    2 * rows * (heads * (tokens + rows)) + // scores and their softmax
    4 * rows * intermediateSize +
    3 * asked * vocabSize; // logits, their scaled copy, their softmax
  return {
    runtime: runtimeBytes,
    weights: weightBytes + (tiedEmbeddings ? vocabSize * hiddenSize : 0),
    cache: room * (room > 256 ? 1.5 : 1) * cacheBytesPerToken(architecture),
    arena: numbers * Float32Array.BYTES_PER_ELEMENT,
  };
}
