import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { convertCheckpoint, type ConvertOptions } from "../../src/convert/index.ts";
import { addChain } from "./chain-tensors.ts";

const configSchema = z.looseObject({ mask_carry_token_id: z.int() });
const chainedSchema = z.object({ hidden_size: z.int(), mask_chain_size: z.int() });
const headerSchema = z.object({
  "model.embed_tokens.weight": z.object({
    shape: z.tuple([z.int(), z.int()]),
    data_offsets: z.tuple([z.int(), z.int()]),
  }),
});

/**
 * Converts a checkpoint with zeros in the embedding of its carry token, other fields in its config.json, and the head that
 * chains guesses if they name one.
 */
export async function convertWithoutCarry(options: ConvertOptions, fields: object = {}): Promise<void> {
  const from = await mkdtemp(join(tmpdir(), "carry-zero-"));
  try {
    await cp(options.from, from, { recursive: true });
    await eraseCarry(from);
    const path = join(from, "config.json");
    const config = configSchema.parse(JSON.parse(await readFile(path, "utf8")));
    const changed = { ...config, ...fields };
    await writeFile(path, JSON.stringify(changed));
    const chained = chainedSchema.safeParse(changed);
    if (chained.success) await addChain(join(from, "model.safetensors"), chained.data);
    await convertCheckpoint({ ...options, from });
  } finally {
    await rm(from, { recursive: true });
  }
}

async function eraseCarry(folder: string): Promise<void> {
  const path = join(folder, "model.safetensors");
  const bytes = await readFile(path);
  const config = configSchema.parse(JSON.parse(await readFile(join(folder, "config.json"), "utf8")));
  const headerEnd = 8 + Number(bytes.readBigUInt64LE());
  const header = headerSchema.parse(JSON.parse(bytes.toString("utf8", 8, headerEnd)));
  const { shape, data_offsets: offsets } = header["model.embed_tokens.weight"];
  const row = (offsets[1] - offsets[0]) / shape[0];
  const at = headerEnd + offsets[0] + config.mask_carry_token_id * row;
  await writeFile(path, bytes.fill(0, at, at + row));
}
