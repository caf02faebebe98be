import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** Writes SHA256SUMS over the folder's files, by name, in the form of the sha256sum command. */
export async function writeChecksums(folder: string, signal: AbortSignal | undefined): Promise<void> {
  const lines: string[] = [];
  for (const name of (await readdir(folder)).toSorted()) {
    const hash = createHash("sha256");
    const bytes = createReadStream(join(folder, name), { highWaterMark: 1 << 20 });
    await pipeline(bytes, hash, signal ? { signal } : {});
    lines.push(`${hash.digest("hex")}  ${name}\n`);
  }
  await writeFile(join(folder, "SHA256SUMS"), lines.join(""));
}
