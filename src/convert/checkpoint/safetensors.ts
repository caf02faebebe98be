import { open, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import { messageOf, UserError } from "../../errors.ts";

/** Where a tensor lies in its file. */
export interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** first byte and length, counted from the start of the file */
  readonly start: number;
  readonly bytes: number;
}

const size = z.int().nonnegative();
const headerSchema = z.record(
  z.string(),
  z.object({ dtype: z.string(), shape: z.array(size), data_offsets: z.tuple([size, size]) }),
);

/** The format's own limit; a larger number means that this is another kind of file. */
const longestHeader = 100_000_000;

const bitsPerElement: Readonly<Record<string, number>> = {
  F64: 64,
  I64: 64,
  U64: 64,
  F32: 32,
  I32: 32,
  U32: 32,
  F16: 16,
  BF16: 16,
  I16: 16,
  U16: 16,
  F8_E4M3: 8,
  F8_E5M2: 8,
  I8: 8,
  U8: 8,
  BOOL: 8,
};

/** One safetensors file, its header checked against its length; tensors are read in pieces, never whole. */
export class SafetensorsFile {
  readonly path: string;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle, tensors: ReadonlyMap<string, TensorEntry>) {
    this.path = path;
    this.#handle = handle;
    this.tensors = tensors;
  }

  /** @throws UserError model-invalid for a cut or damaged file, file for one that can't be read */
  static async open(path: string): Promise<SafetensorsFile> {
    const handle = await open(path).catch((cause: unknown) => {
      throw new UserError("file", `Can't read ${path}: ${messageOf(cause)}.`, { cause });
    });
    try {
      return new SafetensorsFile(path, handle, await readHeader(path, handle));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** `length` bytes from `offset`, counted from the tensor's own start. */
  async read(entry: TensorEntry, offset: number, length: number): Promise<Uint8Array> {
    return readExactly(this.path, this.#handle, entry.start + offset, length);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

async function readExactly(path: string, handle: FileHandle, start: number, length: number) {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, start + done);
    if (bytesRead === 0) throw cutFile(path);
    done += bytesRead;
  }
  return bytes;
}

async function readHeader(path: string, handle: FileHandle): Promise<Map<string, TensorEntry>> {
  const { size: fileBytes } = await handle.stat();
  if (fileBytes < 8) throw cutFile(path);
  const length = Number(((await readExactly(path, handle, 0, 8)) as Buffer).readBigUInt64LE());
  if (length < 2 || length > longestHeader) {
    throw damaged(path, "it does not begin like a safetensors file");
  }
  if (8 + length > fileBytes) throw cutFile(path);
  const header = parseHeader(path, await readExactly(path, handle, 8, length));
  const tensors = new Map<string, TensorEntry>();
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [from, to],
    },
  ] of Object.entries(header)) {
    const start = 8 + length + from;
    checkExtent(path, name, { dtype, shape, start, bytes: to - from }, fileBytes);
    tensors.set(name, { dtype, shape, start, bytes: to - from });
  }
  return tensors;
}

function parseHeader(path: string, bytes: Uint8Array): z.infer<typeof headerSchema> {
  try {
    const { __metadata__: _, ...tensors } = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
    return headerSchema.parse(tensors);
  } catch (cause) {
    throw damaged(path, "its header can't be read", { cause });
  }
}

function checkExtent(path: string, name: string, entry: TensorEntry, fileBytes: number): void {
  const bits = bitsPerElement[entry.dtype];
  const elements = entry.shape.reduce((product, dimension) => product * dimension, 1);
  if (bits === undefined ? entry.bytes < 0 : entry.bytes !== (elements * bits) / 8) {
    throw damaged(path, `its header gives ${name} another length than its shape`);
  }
  if (entry.start + entry.bytes > fileBytes) throw cutFile(path);
}

function cutFile(path: string): UserError {
  return new UserError(
    "model-invalid",
    `${basename(path)} ends too early (${path}): copy or download it again, the rest is missing.`,
  );
}

function damaged(path: string, why: string, options?: ErrorOptions): UserError {
  return new UserError(
    "model-invalid",
    `${basename(path)} is damaged (${path}): ${why}. Copy or download it again.`,
    options,
  );
}
