import { homedir } from "node:os";
import path from "node:path";

/** A path as a person writes it: relative to the working directory, or `~/` for the home folder. */
export function absolutePath(file: string): string {
  return path.resolve(file.startsWith("~/") ? path.join(homedir(), file.slice(2)) : file);
}
