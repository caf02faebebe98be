import { randomBytes } from "node:crypto";
import { lstat, open, readdir, rename, rm, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { codeOf, messageOf, UserError } from "../errors.ts";
import { makeFolder } from "../make-folder.ts";

/**
 * Makes the folder `to` so that it is whole or absent: `fill` writes into a sibling with a temporary name, which is
 * flushed to the disk and renamed when all is there, and removed if anything goes wrong.
 * @throws UserError file if `to` exists, the disk is full or can't be written; whatever `fill` throws besides
 */
export async function makeWholeFolder(to: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const target = resolve(to);
  await refuseExisting(target);
  const temporary = `${target}.partial-${randomBytes(4).toString("hex")}`;
  try {
    makeFolder(temporary);
    await fill(temporary);
    for (const name of await readdir(temporary)) await flush(join(temporary, name));
    await flush(temporary);
    await rename(temporary, target);
    await flush(dirname(target));
  } catch (error) {
    // What went wrong first is what the user must know.
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw writeError(target, error);
  }
}

/** @throws UserError file if anything stands where the folder shall be */
export async function refuseExisting(target: string): Promise<void> {
  const there = await lstat(target).catch(() => undefined);
  if (!there) return;
  throw new UserError("file", `${target} exists already: choose another folder, or remove that one first.`);
}

/** @throws UserError file if the disk of `to` has less than `bytes` left; so that hours are not spent in vain */
export async function requireSpace(to: string, bytes: number): Promise<void> {
  let folder = dirname(resolve(to));
  for (;;) {
    const disk = await statfs(folder).catch(() => undefined);
    if (disk) {
      const free = disk.bavail * disk.bsize;
      if (free < bytes) throw fullDisk(to, `${gigabytes(bytes)} are needed and ${gigabytes(free)} are free`);
      return;
    }
    if (folder === dirname(folder)) return;
    folder = dirname(folder);
  }
}

async function flush(path: string): Promise<void> {
  try {
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Folders can't be flushed everywhere (Windows); the rename is then as safe as that system makes it.
    if (!["EPERM", "EISDIR", "EINVAL", "EACCES"].includes(codeOf(error) ?? "")) throw error;
  }
}

/** What is wrong with the place, not with the program. */
const wrongPlace = "EACCES EPERM EROFS ENOENT ENOTDIR EEXIST EIO EFBIG ENAMETOOLONG".split(" ");

/** The user's error behind a failed write; other errors as they are. */
export function writeError(target: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === "ENOSPC" || code === "EDQUOT") return fullDisk(target, "nothing was left behind", error);
  if ((code === "ENOTEMPTY" || code === "EEXIST") && isRename(error)) {
    return new UserError("file", `${target} was made by someone else meanwhile: choose another folder.`);
  }
  if (!wrongPlace.includes(code ?? "")) return error;
  return new UserError(
    "file",
    `Can't write ${target}: ${messageOf(error)}. Choose a folder that you may write to.`,
    { cause: error },
  );
}

function fullDisk(target: string, detail: string, cause?: unknown): UserError {
  return new UserError(
    "file",
    `The disk is full: ${target} can't be written (${detail}). Free some space or choose a folder on another disk.`,
    { cause },
  );
}

function isRename(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && error.syscall === "rename";
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
