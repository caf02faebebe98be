import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "../../make-folder.ts";
import { historyLimit } from "../editor/history.ts";

/**
 * Reads the history: one JSON string a line, oldest first. A missing file or a damaged line is no history; a file
 * that has grown far beyond what is kept is written anew.
 */
export function readHistory(path: string | undefined): string[] {
  if (path === undefined) return [];
  try {
    const all = readFileSync(path, "utf8").split("\n").flatMap(entryOf);
    const entries = all.slice(-historyLimit);
    if (all.length > 2 * historyLimit) shorten(path, entries);
    return entries;
  } catch {
    return [];
  }
}

function shorten(path: string, entries: readonly string[]): void {
  const draft = `${path}.part`;
  writeFileSync(draft, entries.map(lineOf).join(""), { mode: 0o600 });
  renameSync(draft, path);
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
  if (path === undefined) return;
  try {
    makeFolder(dirname(path), 0o700);
    await appendFile(path, lineOf(text), { mode: 0o600 });
  } catch {
    // The conversation itself is saved elsewhere, and says so when it cannot be.
  }
}
