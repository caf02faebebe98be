import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertCheckpoint } from "../../src/convert/index.ts";
import { UserError } from "../../src/errors.ts";
import { convertWithoutCarry } from "./carry-zero.ts";
import { dataFolder } from "./safetensors.ts";

export const goldenNames = ["dense-tiny", "dense-tiny-tied", "dense-tiny-bf16", "carry-tiny"] as const;

/** carry-zero: carry-tiny with nothing in the embedding of its carry token, as the embedded model has it */
export type GoldenName = (typeof goldenNames)[number] | "carry-zero";

const source = join(import.meta.dirname, "../../src");
const made = new Map<GoldenName, Promise<string>>();

/**
 * The f32 model folder of a golden checkpoint, converted once and kept in the system's temporary folder under the hash
 * of the converter and the checkpoint. Workers may ask at the same time: the first whole folder stays.
 */
export function goldenModel(name: GoldenName): Promise<string> {
  const folder = made.get(name) ?? convert(name);
  made.set(name, folder);
  return folder;
}

async function convert(name: GoldenName): Promise<string> {
  const from = join(dataFolder, name === "carry-zero" ? "carry-tiny" : name);
  const hash = await hashOf([join(source, "convert"), join(source, "model"), from]);
  const to = join(tmpdir(), "sdar-chat-tests", hash, name);
  try {
    const make = name === "carry-zero" ? convertWithoutCarry : convertCheckpoint;
    if (!existsSync(to)) await make({ from, to, weights: { kind: "f32" } });
  } catch (error) {
    if (!(error instanceof UserError && existsSync(to))) throw error;
  }
  return to;
}

async function hashOf(folders: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of folders) {
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.toSorted()) hash.update(file).update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 16);
}
