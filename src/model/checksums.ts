import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { messageOf, UserError } from "../errors.ts";
import { makeFolder } from "../make-folder.ts";

/** What is checked: a folder and the sha256 of its files, by name. */
export interface ChecksummedFolder {
  readonly path: string;
  readonly checksums: ReadonlyMap<string, string>;
}

export interface VerifyOptions {
  /**
   * file that remembers what was found whole; a file whose size and time have not changed since is not read
   * again. Absent: every file is read.
   */
  readonly memory?: string;
  /** read every file, whatever the memory says */
  readonly force?: boolean;
}

/** Names of the files that were read, and of those that were known to be whole. */
export interface VerifyReport {
  readonly read: readonly string[];
  readonly remembered: readonly string[];
}

const seenFile = z.object({ size: z.number(), time: z.number(), sha256: z.string() });
/** path of a file -> its state when it was last found whole */
const memorySchema = z.record(z.string(), seenFile);
type Memory = z.infer<typeof memorySchema>;

/**
 * Compares the files of a model folder with its SHA256SUMS.
 * @throws UserError model-invalid: names the first file that is missing or damaged, and what to do
 */
export async function verifyChecksums(
  folder: ChecksummedFolder,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const known = options.memory === undefined ? {} : await recall(options.memory);
  const read: string[] = [];
  const remembered: string[] = [];
  const found: Memory = {};
  for (const [name, sha256] of folder.checksums) {
    const file = path.join(folder.path, name);
    const { size, mtimeMs: time } = await statOf(folder.path, name);
    const before = known[file];
    found[file] = { size, time, sha256 };
    if (!options.force && before?.size === size && before.time === time && before.sha256 === sha256) {
      remembered.push(name);
      continue;
    }
    if ((await sha256Of(file)) !== sha256) throw damaged(folder.path, name);
    read.push(name);
  }
  if (options.memory !== undefined && read.length > 0) await remember(options.memory, { ...known, ...found });
  return { read, remembered };
}

/** `SHA256SUMS` as sha256sum writes it: hash, a space, a space or an asterisk, name. */
export function parseChecksums(text: string): Map<string, string> {
  const lines = text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm);
  return new Map(Array.from(lines, ([, sha256 = "", name = ""]) => [name, sha256]));
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  } catch (error) {
    throw new UserError("file", `${file} could not be read: ${messageOf(error)}.`, { cause: error });
  }
  return hash.digest("hex");
}

async function statOf(folder: string, name: string) {
  try {
    return await stat(path.join(folder, name));
  } catch (error) {
    throw new UserError(
      "model-invalid",
      `The model folder ${folder} lacks ${name}: convert or copy the model again.`,
      { cause: error },
    );
  }
}

const damaged = (folder: string, name: string) =>
  new UserError(
    "model-invalid",
    `${name} in ${folder} is damaged: it is not the file that SHA256SUMS names. Convert or copy the model again.`,
  );

async function recall(file: string): Promise<Memory> {
  try {
    return memorySchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return {}; // nothing is lost: the files are read again
  }
}

async function remember(file: string, memory: Memory): Promise<void> {
  const draft = `${file}.${process.pid}`;
  try {
    makeFolder(path.dirname(file));
    await writeFile(draft, JSON.stringify(memory));
    await rename(draft, file);
  } catch {
    // a cache that cannot be written costs the next start a second, no more
  }
}
