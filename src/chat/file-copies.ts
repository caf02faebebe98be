import { closeSync, constants, copyFileSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { codeOf } from "../errors.ts";
import { makeFolder } from "../make-folder.ts";

/**
 * Goes on in another file, with a copy of the first `size` bytes of an open one, which is closed. It need have no name
 * any more.
 * @param handle opened for reading too
 * @returns the other file's handle
 */
export function moveInto(file: string, handle: number, size: number): number {
  const bytes = beginningOf(handle, size);
  makeFolder(path.dirname(file), 0o700);
  const next = openSync(file, "ax+", 0o600);
  undoneOnError(next, () => writeFileSync(next, bytes), file);
  closeSync(handle);
  return next;
}

function beginningOf(handle: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let read = 0;
  while (read < size) {
    const more = readSync(handle, bytes, read, size - read, read);
    if (more === 0) break;
    read += more;
  }
  return bytes.subarray(0, read);
}

/** Closes a file if what is done with it fails. @param made to be removed then */
export function undoneOnError(handle: number, action: () => void, made?: string): void {
  try {
    action();
  } catch (error) {
    closeSync(handle);
    if (made !== undefined) rmSync(made, { force: true });
    throw error;
  }
}

/** Copies a file under a name that is free. @returns the copy's path */
export function copyBeside(file: string, number = 1): string {
  const copy = `${file}.damaged${number === 1 ? "" : `-${number}`}`;
  try {
    copyFileSync(file, copy, constants.COPYFILE_EXCL);
    return copy;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    return copyBeside(file, number + 1);
  }
}
