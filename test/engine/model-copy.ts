import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { goldenModel, type GoldenName } from "../golden/models.ts";

/** A model folder of the test's own, to be damaged. */
export async function goldenModelCopy(name: GoldenName): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "model-copy-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(await goldenModel(name), folder, { recursive: true });
  return folder;
}
