import { access } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { UserError } from "../../errors.ts";
import { readJson } from "./json-file.ts";
import { bytesPerNumber, isNumberFormat, widen, type NumberFormat } from "./number-formats.ts";
import { SafetensorsFile, type TensorEntry } from "./safetensors.ts";

const indexName = "model.safetensors.index.json";
const singleName = "model.safetensors";
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/** A tensor of the checkpoint, ready to be read. */
export interface CheckpointTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly format: NumberFormat;
  readonly file: SafetensorsFile;
  readonly entry: TensorEntry;
}

/** The tensors of a checkpoint folder, whether they lie in one file or in shards with an index. */
export class Checkpoint {
  readonly folder: string;
  readonly #files: ReadonlyMap<string, SafetensorsFile>;
  /** tensor -> shard that the index names */
  readonly #index: ReadonlyMap<string, string> | undefined;

  private constructor(
    folder: string,
    files: ReadonlyMap<string, SafetensorsFile>,
    index: ReadonlyMap<string, string> | undefined,
  ) {
    this.folder = folder;
    this.#files = files;
    this.#index = index;
  }

  /** @throws UserError for a folder without weights, a missing shard, a cut or damaged file */
  static async open(folder: string): Promise<Checkpoint> {
    const index = await readIndex(folder);
    const names = index ? [...new Set(index.values())].toSorted() : [singleName];
    const files = new Map<string, SafetensorsFile>();
    try {
      for (const name of names) files.set(name, await SafetensorsFile.open(join(folder, name)));
    } catch (error) {
      await Promise.all([...files.values()].map((file) => file.close()));
      throw error;
    }
    return new Checkpoint(folder, files, index);
  }

  names(): string[] {
    return [...this.#files.values()].flatMap(({ tensors }) => Array.from(tensors.keys()));
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  /** @throws UserError model-invalid if it is missing, has another shape or holds no floating-point numbers */
  tensor(name: string, shape: readonly number[]): CheckpointTensor {
    const found = this.#find(name);
    if (!found) {
      const place = this.#index?.get(name) ?? (this.#index ? indexName : singleName);
      throw new UserError(
        "model-invalid",
        `The tensor ${name} is missing in ${join(this.folder, place)}: the checkpoint is incomplete or its config.json describes another model.`,
      );
    }
    const { file, entry } = found;
    if (entry.shape.join() !== shape.join()) {
      throw new UserError(
        "model-invalid",
        `The tensor ${name} in ${file.path} has the shape [${entry.shape.join(", ")}], but config.json asks for [${shape.join(", ")}]: use the config.json that belongs to these weights.`,
      );
    }
    if (!isNumberFormat(entry.dtype)) {
      throw new UserError(
        "model-invalid",
        `The tensor ${name} in ${file.path} holds ${entry.dtype} numbers: convert takes F32, F16 and BF16 checkpoints, not quantised ones.`,
      );
    }
    return { name, shape, format: entry.dtype, file, entry };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.close()));
  }

  #find(name: string): { file: SafetensorsFile; entry: TensorEntry } | undefined {
    const shard = this.#index ? this.#index.get(name) : singleName;
    const file = shard === undefined ? undefined : this.#files.get(shard);
    const entry = file?.tensors.get(name);
    return file && entry && { file, entry };
  }
}

/**
 * Rows `from` to `from + count` of a tensor as 32-bit floats; a vector is one row.
 * @throws UserError model-invalid if the file ends before them or holds NaN or infinity there
 */
export async function readRows(tensor: CheckpointTensor, from: number, count: number): Promise<Float32Array> {
  const columns = tensor.shape.at(-1) ?? 1;
  const rowBytes = columns * bytesPerNumber[tensor.format];
  const bytes = await tensor.file.read(tensor.entry, from * rowBytes, count * rowBytes);
  const numbers = widen(tensor.format, bytes);
  if (!allFinite(numbers)) {
    throw new UserError(
      "model-invalid",
      `The tensor ${tensor.name} in ${tensor.file.path} holds numbers that are not finite: the file is damaged, copy or download it again.`,
    );
  }
  return numbers;
}

function allFinite(numbers: Float32Array): boolean {
  for (let at = 0; at < numbers.length; at++) if (!Number.isFinite(numbers[at])) return false;
  return true;
}

async function readIndex(folder: string): Promise<Map<string, string> | undefined> {
  const path = join(folder, indexName);
  const index = await readJson(path, indexSchema);
  if (index === undefined) {
    await requireSingleFile(folder);
    return undefined;
  }
  const map = new Map(Object.entries(index.weight_map));
  const outside = [...map.values()].find((name) => name !== basename(name));
  if (outside === undefined) return map;
  throw new UserError(
    "model-invalid",
    `${path} names ${outside}, which lies outside the checkpoint's folder.`,
  );
}

async function requireSingleFile(folder: string): Promise<void> {
  const there = await access(join(folder, singleName)).then(
    () => true,
    () => false,
  );
  if (there) return;
  throw new UserError(
    "model-missing",
    `${folder} holds no weights: convert needs ${singleName}, or ${indexName} and the shards that it names.`,
  );
}
