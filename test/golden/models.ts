import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertCheckpoint, type ConvertOptions } from "../../src/convert/index.ts";
import { UserError } from "../../src/errors.ts";
import { convertWithoutCarry } from "./carry-zero.ts";
import { chainTensors } from "./chain-tensors.ts";
import { dataFolder } from "./safetensors.ts";

export const goldenNames = ["dense-tiny", "dense-tiny-tied", "dense-tiny-bf16", "carry-tiny"] as const;

/**
 * carry-zero: carry-tiny with nothing in the embedding of its carry token, as the embedded model has it; mask-neurons:
 * besides, the last 64 of its 160 neurons are for masks alone; chained: besides, it chains its guesses
 */
export type GoldenName = (typeof goldenNames)[number] | keyof typeof ofCarryTiny;

const ofCarryTiny = {
  "carry-zero": {},
  "mask-neurons": { mask_intermediate_size: 64 },
  chained: { mask_intermediate_size: 64, mask_chain_size: 32 },
};

const isOfCarryTiny = (name: string): name is keyof typeof ofCarryTiny => name in ofCarryTiny;

const source = join(import.meta.dirname, "../../src");
const made = new Map<GoldenName, Promise<string>>();

/**
 * The f32 model folder of a golden checkpoint, converted once and kept in the system's temporary folder under the hash
 * of the converter, the checkpoint and what is added to it. Workers may ask at the same time: the first whole folder stays.
 */
export function goldenModel(name: GoldenName): Promise<string> {
  const folder = made.get(name) ?? convert(name);
  made.set(name, folder);
  return folder;
}

async function convert(name: GoldenName): Promise<string> {
  const from = join(dataFolder, isOfCarryTiny(name) ? "carry-tiny" : name);
  const hash = await hashOf([join(source, "convert"), join(source, "model"), from]);
  const to = join(tmpdir(), "sdar-chat-tests", hash, name);
  try {
    if (existsSync(to)) return to;
    const options: ConvertOptions = { from, to, weights: { kind: "f32" } };
    await (isOfCarryTiny(name)
      ? convertWithoutCarry(options, ofCarryTiny[name])
      : convertCheckpoint(options));
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
  const chain = chainTensors({ hidden_size: 8, mask_chain_size: 8 });
  for (const { numbers } of Object.values(chain)) hash.update(numbers);
  return hash.digest("hex").slice(0, 16);
}
