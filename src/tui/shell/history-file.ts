import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "../../make-folder.ts";
import { historyLimit } from "../editor/history.ts";

/** Longer messages are remembered as long as the program runs: one write, which no other program's comes between. */
const longestEntry = 65_536;
/** A draft of the file that is older was left by a program that was killed, milliseconds. */
const stale = 60_000;

/**
 * Reads the history: one JSON string a line, oldest first, each message once. A missing file or a damaged line is no
 * history; a file that has grown far beyond what is kept is written anew.
 */
export function readHistory(path: string | undefined): string[] {
  if (path === undefined) return [];
  try {
    const lines = readFileSync(path, "utf8").split("\n");
    if (lines.length > 2 * historyLimit) tryToShorten(path);
    return newestOf(lines);
  } catch {
    return [];
  }
}

/** The newest messages, each where it was said last. */
function newestOf(lines: readonly string[]): string[] {
  const newestFirst = new Set(lines.flatMap(entryOf).toReversed());
  return [...newestFirst].slice(0, historyLimit).toReversed();
}

/** A history that cannot be written anew, on a full disk for example, is still one. */
function tryToShorten(path: string): void {
  try {
    shorten(path);
  } catch {
    // The next start tries again.
  }
}

/**
 * Writes the newest messages anew. The draft's name is the lock. A program that appends meanwhile loses nothing: what
 * reached the old file until it was replaced is copied here, and who wrote to it later notices (appendHistory).
 */
function shorten(path: string): void {
  const draft = `${path}.part`;
  const lock = openLock(draft);
  if (lock === undefined) return;
  try {
    replace(path, draft, lock);
  } finally {
    closeSync(lock);
  }
}

function replace(path: string, draft: string, lock: number): void {
  const old = openSync(path, "r");
  try {
    const before = readFileSync(old, "utf8");
    writeFileSync(lock, newestOf(before.split("\n")).map(lineOf).join(""));
    renameSync(draft, path);
    const late = readFileSync(old, "utf8");
    if (late === "") return;
    const replaced = openSync(path, "a");
    writeSync(replaced, late);
    closeSync(replaced);
  } finally {
    closeSync(old);
  }
}

function openLock(draft: string): number | undefined {
  const made = statSync(draft, { throwIfNoEntry: false })?.mtimeMs;
  if (made !== undefined && Date.now() - made > stale) rmSync(draft, { force: true });
  try {
    return openSync(draft, "wx", 0o600);
  } catch {
    return undefined;
  }
}

function entryOf(line: string): string[] {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "string" && entry !== "" ? [entry] : [];
  } catch {
    return [];
  }
}

function lineOf(entry: string): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Appends one message; the file is its owner's alone. A history that can't be kept is not worth a complaint. */
export async function appendHistory(path: string | undefined, text: string): Promise<void> {
  if (path === undefined || text.length > longestEntry) return;
  try {
    makeFolder(dirname(path), 0o700);
    while (!(await appended(path, lineOf(text))));
  } catch {
    // The conversation itself is saved elsewhere, and says so when it cannot be.
  }
}

/** False where another program replaced the file meanwhile: the line went to the one that is gone. */
async function appended(path: string, line: string): Promise<boolean> {
  const file = await open(path, "a", 0o600);
  try {
    await file.writeFile(line);
    return (await file.stat()).ino === (await stat(path)).ino;
  } finally {
    await file.close();
  }
}
