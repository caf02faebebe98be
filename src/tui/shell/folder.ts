import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { absolutePath } from "../../absolute-path.ts";
import type { ListedFolder } from "../store/list.ts";

/** Entries that are listed: more than anyone looks through. */
const most = 2000;
/** What programs make, in folders of thousands: found, but behind all else. */
const made = new Set(["node_modules", ".git", "dist", "build", "target", "__pycache__", ".venv"]);

/** What is in a folder, named as a person writes it ("" is the working directory); nothing where it cannot be read. */
export async function listFolder(name: string): Promise<ListedFolder> {
  const folder = absolutePath(name === "" ? "." : name);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = (await Promise.all(entries.map((entry) => nameOf(entry))))
    .filter((entry) => entry !== undefined)
    .filter((entry) => !/["\n]/.test(entry))
    .toSorted((a, b) => Number(isMade(a)) - Number(isMade(b)) || compare(a, b));
  return { path: name, names: names.slice(0, most), more: Math.max(0, names.length - most) };
}

/** As it is completed; undefined for what is neither file nor folder, also at the end of a link. */
async function nameOf(entry: Dirent): Promise<string | undefined> {
  const file = path.join(entry.parentPath, entry.name);
  const found = entry.isSymbolicLink() ? await stat(file).catch(() => undefined) : entry;
  if (found?.isDirectory()) return `${entry.name}/`;
  return found?.isFile() ? entry.name : undefined;
}

const isMade = (name: string) => made.has(name.replace(/\/$/, ""));

const { compare } = new Intl.Collator(undefined, { numeric: true });
