/**
 * Makes the embedded model from its checkpoint, byte for byte: npm run build:assets -- CHECKPOINT [TARGET].
 * Its name, weights and default settings are those of embedded.json; TARGET is assets/embedded and is replaced.
 */
import { readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { convertCheckpoint } from "../src/convert/index.ts";
import { UserError } from "../src/errors.ts";
import { modelConfigSchema } from "../src/model/index.ts";

const embeddedSchema = z.strictObject(
  modelConfigSchema.pick({ name: true, weights: true, defaults: true }).shape,
);

async function build(checkpoint: string, target: string): Promise<void> {
  const embedded = embeddedSchema.parse(
    JSON.parse(await readFile(join(import.meta.dirname, "embedded.json"), "utf8")),
  );
  const fresh = `${target}.new`;
  await rm(fresh, { recursive: true, force: true });
  const { config, parameters } = await convertCheckpoint({ from: checkpoint, to: fresh, ...embedded });
  await rm(target, { recursive: true, force: true });
  await rename(fresh, target);
  console.log(`${target}: ${config.name}, ${parameters} parameters, ${config.weights.kind}`);
}

const [checkpoint, target = join(import.meta.dirname, "embedded")] = process.argv.slice(2);
if (checkpoint === undefined) {
  console.error("usage: npm run build:assets -- CHECKPOINT [TARGET]");
  process.exitCode = 2;
} else {
  try {
    await build(checkpoint, resolve(target));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
