import { readdir } from "node:fs/promises";
import { absolutePath } from "../../chat/index.ts";
import type { ListedFolder } from "../store/list.ts";

/** Entries that are listed: more than anyone looks through. */
const most = 2000;
/** What programs make, in folders of thousands: found, but behind all else. */
const made = new Set(["node_modules", ".git", "dist", "build", "target", "__pycache__", ".venv"]);

/** What is in a folder, named as a person writes it ("" is the working directory); nothing where it cannot be read. */
export async function listFolder(path: string): Promise<ListedFolder> {
  const entries = await readdir(absolutePath(path === "" ? "." : path), { withFileTypes: true }).catch(
    () => [],
  );
  const names = entries
    .filter((entry) => entry.isDirectory() || entry.isFile() || entry.isSymbolicLink())
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .filter((name) => !/["\n]/.test(name))
    .toSorted((a, b) => Number(isMade(a)) - Number(isMade(b)) || compare(a, b));
  return { path, names: names.slice(0, most), more: Math.max(0, names.length - most) };
}

const isMade = (name: string) => made.has(name.replace(/\/$/, ""));

const { compare } = new Intl.Collator(undefined, { numeric: true });
