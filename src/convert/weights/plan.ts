import type { ModelConfig } from "../../model/index.ts";

export type WeightKind = ModelConfig["weights"];

/** A checkpoint tensor [rows, columns]; a vector is one row. */
export interface Source {
  readonly name: string;
  readonly rows: number;
}

interface Stored {
  /** tensors that follow each other, all of the same width */
  readonly sources: readonly Source[];
  readonly rows: number;
  readonly columns: number;
  /** the sources are vectors of `columns` numbers, not matrices */
  readonly vector: boolean;
  /** first byte in the weight file */
  readonly offset: number;
}

/** Numbers as they are, 32 bits each. */
export interface StoredFloats extends Stored {
  readonly bits: 32;
}

/** Blocks with a scale each, whole ones in a row (quantize.ts). */
export interface StoredBlocks extends Stored {
  readonly bits: 4 | 8;
  readonly blockSize: number;
  readonly blocksPerRow: number;
  readonly scaleOffset: number;
}

export type StoredWeight = StoredFloats | StoredBlocks;

/** Large tensors start at a page, so that each can be mapped into memory by itself; small ones at a cache line. */
const pageBytes = 4096;
const lineBytes = 64;
const smallBytes = 65_536;

/**
 * Where each tensor will lie in the weight file. The plan is made while the graph is built, before anything is read,
 * so the size of a model folder is known without writing it.
 */
export class WeightPlan {
  readonly stored: StoredWeight[] = [];
  #end = 0;

  /** Parameters of the model. */
  get numbers(): number {
    return this.stored.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  }

  /** Size of the weight file. */
  get bytes(): number {
    return this.#end;
  }

  vector(name: string, size: number): StoredFloats {
    const offset = this.#reserve(size * 4);
    return this.#keep({
      bits: 32,
      sources: [{ name, rows: 1 }],
      rows: 1,
      columns: size,
      vector: true,
      offset,
    });
  }

  floats(sources: readonly Source[], columns: number): StoredFloats {
    const rows = rowsOf(sources);
    const offset = this.#reserve(rows * columns * 4);
    return this.#keep({ bits: 32, sources, rows, columns, vector: false, offset });
  }

  /** @param blockSize divides `columns` */
  blocks(bits: 4 | 8, blockSize: number, sources: readonly Source[], columns: number): StoredBlocks {
    const rows = rowsOf(sources);
    const blocksPerRow = columns / blockSize;
    const offset = this.#reserve((rows * columns * bits) / 8);
    const scaleOffset = this.#reserve(rows * blocksPerRow * 4);
    const blocks = { bits, blockSize, blocksPerRow, scaleOffset };
    return this.#keep({ ...blocks, sources, rows, columns, vector: false, offset });
  }

  #keep<T extends StoredWeight>(stored: T): T {
    this.stored.push(stored);
    return stored;
  }

  #reserve(bytes: number): number {
    const alignment = bytes < smallBytes ? lineBytes : pageBytes;
    const offset = Math.ceil(this.#end / alignment) * alignment;
    this.#end = offset + bytes;
    return offset;
  }
}

/** Shape of a source as the checkpoint has it. */
export function sourceShape({ vector, columns }: StoredWeight, { rows }: Source): number[] {
  return vector ? [columns] : [rows, columns];
}

function rowsOf(sources: readonly Source[]): number {
  return sources.reduce((sum, { rows }) => sum + rows, 0);
}
