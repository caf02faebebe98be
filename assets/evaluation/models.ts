import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { convertCheckpoint, type WeightChoice } from "../../src/convert/index.ts";
import { loadModelFolder } from "../../src/model/index.ts";
import type { Role } from "./plan.ts";

export interface ModelSources {
  /** checkpoint of the original, as `blockdiff base` writes it */
  readonly base: string;
  /** model folder of what ships */
  readonly model?: string;
  /** its checkpoint: f32 and 4-bit are made from it, and what ships if no folder is given */
  readonly checkpoint?: string;
}

/** Model folders by role, converted into `to` where they are not there yet. @throws UserError */
export async function modelFolders(sources: ModelSources, to: string): Promise<Map<Role, string>> {
  await mkdir(to, { recursive: true });
  const { base, model, checkpoint } = sources;
  const make = async (from: string, name: string, weights: WeightChoice) =>
    await converted(from, path.join(to, `${name}-${await hashOf(from)}`), weights);
  const q8 = { kind: "q8", blockSize: 128 } as const;
  const folders = new Map<Role, string>([
    ["original", await make(base, "original", { kind: "f32" })],
    ["original, 8-bit", await make(base, "original-8-bit", q8)],
  ]);
  if (model !== undefined) folders.set("ships", model);
  if (checkpoint === undefined) return folders;
  if (model === undefined) folders.set("ships", await make(checkpoint, "ships", q8));
  folders.set("f32", await make(checkpoint, "f32", { kind: "f32" }));
  folders.set("4-bit", await make(checkpoint, "4-bit", { kind: "q4" }));
  return folders;
}

async function converted(from: string, to: string, weights: WeightChoice): Promise<string> {
  if (!existsSync(to)) await convertCheckpoint({ from, to, weights });
  return to;
}

/** Of a checkpoint's weights: another checkpoint in the same place is another model. */
async function hashOf(checkpoint: string): Promise<string> {
  const hash = createHash("sha256");
  const files = (await readdir(checkpoint)).filter((name) => name.endsWith(".safetensors")).toSorted();
  for (const file of files)
    for await (const chunk of createReadStream(path.join(checkpoint, file))) hash.update(chunk);
  return hash.digest("hex").slice(0, 12);
}

/** What results of a model are kept under: its weights' checksums. */
export async function identities(folders: ReadonlyMap<Role, string>): Promise<Map<Role, string>> {
  const pairs = [...folders].map(async ([role, folder]) => {
    const { weightsHash } = await loadModelFolder(folder);
    return [role, weightsHash.slice(0, 16)] as const;
  });
  return new Map(await Promise.all(pairs));
}
