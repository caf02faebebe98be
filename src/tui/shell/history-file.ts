import { readFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "../../make-folder.ts";

/** Reads the history: one JSON string a line, oldest first. A missing file or a damaged line is no history. */
export function readHistory(path: string | undefined): string[] {
  if (path === undefined) return [];
  try {
    return readFileSync(path, "utf8").split("\n").flatMap(entryOf);
  } catch {
    return [];
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

/** Appends one message; the file is its owner's alone. A history that can't be kept is not worth a complaint. */
export async function appendHistory(path: string | undefined, text: string): Promise<void> {
  if (path === undefined) return;
  try {
    makeFolder(dirname(path), 0o700);
    await appendFile(path, `${JSON.stringify(text)}\n`, { mode: 0o600 });
  } catch {
    // The conversation itself is saved elsewhere, and says so when it cannot be.
  }
}
