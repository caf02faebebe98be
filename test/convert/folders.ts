import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { dataFolder } from "../golden/safetensors.ts";

/** A folder that is removed when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sdar-chat-convert-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of a golden checkpoint, with fields of its config.json changed; undefined removes a field. */
export async function checkpointCopy(
  name: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const folder = join(await temporaryFolder(), name);
  await cp(join(dataFolder, name), folder, { recursive: true });
  await editJson(join(folder, "config.json"), (config) => Object.assign(config, changes));
  return folder;
}

export async function editJson(
  path: string,
  edit: (content: Record<string, unknown>) => unknown,
): Promise<void> {
  const content: unknown = JSON.parse(await readFile(path, "utf8"));
  if (!isRecord(content)) throw new TypeError(`${path} holds no object`);
  edit(content);
  await writeFile(path, JSON.stringify(content));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

export interface TensorToWrite {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Writes a safetensors file as its authors' library does: header, then the tensors one after the other. */
export async function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, TensorToWrite>>,
): Promise<void> {
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  await writeFile(path, Buffer.concat([length, text, ...Object.values(tensors).map(({ bytes }) => bytes)]));
}

export function floats(shape: readonly number[], numbers: readonly number[]): TensorToWrite {
  return { dtype: "F32", shape, bytes: new Uint8Array(Float32Array.from(numbers).buffer) };
}
