import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export const dataFolder = join(import.meta.dirname, "data");

const headerSchema = z.record(
  z.string(),
  z.object({ dtype: z.string(), data_offsets: z.tuple([z.number(), z.number()]) }),
);

export type GoldenTensor = Float32Array | Int32Array;

/** Reads the tensors of a golden file: f32 and i32 as they are, bf16 widened to f32. */
export function readTensors(path: string): Map<string, GoldenTensor> {
  const file = readFileSync(join(dataFolder, path));
  const headerLength = Number(file.readBigUInt64LE(0));
  const parsed = z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(file.toString("utf8", 8, 8 + headerLength)));
  delete parsed["__metadata__"];
  const header = headerSchema.parse(parsed);
  const tensors = new Map<string, GoldenTensor>();
  for (const [name, entry] of Object.entries(header)) {
    const [from, to] = entry.data_offsets;
    const bytes = Uint8Array.from(file.subarray(8 + headerLength + from, 8 + headerLength + to)).buffer;
    tensors.set(name, decode(bytes, entry.dtype));
  }
  return tensors;
}

function decode(bytes: ArrayBuffer, dtype: string): GoldenTensor {
  if (dtype === "F32") return new Float32Array(bytes);
  if (dtype === "I32") return new Int32Array(bytes);
  if (dtype === "BF16")
    return new Float32Array(Uint32Array.from(new Uint16Array(bytes), (half) => half << 16).buffer);
  throw new Error(`golden data has no tensors of type ${dtype}`);
}

export function readGolden(path: string): unknown {
  return JSON.parse(readFileSync(join(dataFolder, path), "utf8"));
}
