import { mkdirSync, statSync } from "node:fs";
import path from "node:path";

/**
 * Makes a folder and its parents where they are not there. Node's own `recursive` never returns where the system
 * answers ENOENT although the parent is there (as /proc does), and a chat must not hang because of its data directory.
 * @returns the topmost folder that was made; undefined if all were there
 * @throws the system's error
 */
export function makeFolder(folder: string, mode = 0o777): string | undefined {
  if (isFolder(folder)) return undefined;
  const parent = path.dirname(path.resolve(folder));
  const made = parent === path.resolve(folder) ? undefined : makeFolder(parent, mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if (!isFolder(folder)) throw error; // else another program made it meanwhile
  }
  return made ?? path.resolve(folder);
}

function isFolder(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
