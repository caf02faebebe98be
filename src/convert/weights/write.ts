import type { FileHandle } from "node:fs/promises";
import { readRows, type Checkpoint } from "../checkpoint/checkpoint.ts";
import { sourceShape, type StoredWeight, type WeightPlan } from "./plan.ts";
import { quantizeTo4Bits, quantizeTo8Bits } from "./quantize.ts";

/** Numbers that are held at a time: what bounds the memory, whatever the size of the checkpoint. */
const numbersAtATime = 4_194_304;

export interface WriteOptions {
  /** called after each piece with the numbers written so far */
  readonly onProgress?: ((numbers: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads each tensor of the plan in pieces of whole rows and writes it to its place. */
export async function writeWeights(
  plan: WeightPlan,
  checkpoint: Checkpoint,
  file: FileHandle,
  { onProgress, signal }: WriteOptions,
): Promise<void> {
  await file.truncate(plan.bytes);
  let numbers = 0;
  for (const stored of plan.stored) {
    for await (const piece of pieces(stored, checkpoint)) {
      signal?.throwIfAborted();
      await writePiece(stored, piece, file);
      numbers += piece.numbers.length;
      onProgress?.(numbers);
    }
  }
}

interface Piece {
  /** row of the stored tensor at which it begins */
  readonly row: number;
  readonly numbers: Float32Array;
}

async function* pieces(stored: StoredWeight, checkpoint: Checkpoint): AsyncGenerator<Piece> {
  const rowsAtATime = Math.max(1, Math.floor(numbersAtATime / stored.columns));
  let row = 0;
  for (const source of stored.sources) {
    const { rows } = source;
    const tensor = checkpoint.tensor(source.name, sourceShape(stored, source));
    for (let from = 0; from < rows; from += rowsAtATime) {
      const count = Math.min(rowsAtATime, rows - from);
      yield { row: row + from, numbers: await readRows(tensor, from, count) };
    }
    row += rows;
  }
}

async function writePiece(stored: StoredWeight, { row, numbers }: Piece, file: FileHandle): Promise<void> {
  if (stored.bits === 32) {
    await writeAt(file, numbers, stored.offset + row * stored.columns * 4);
    return;
  }
  const quantize = stored.bits === 8 ? quantizeTo8Bits : quantizeTo4Bits;
  const { data, scales } = quantize(numbers, stored.blockSize);
  const block = row * stored.blocksPerRow;
  await writeAt(file, data, stored.offset + (block * stored.blockSize * stored.bits) / 8);
  await writeAt(file, scales, stored.scaleOffset + block * 4);
}

async function writeAt(file: FileHandle, view: Float32Array | Uint8Array, position: number): Promise<void> {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
