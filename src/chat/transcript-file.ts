import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  copyFileSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { codeOf, messageOf } from "../errors.ts";
import { makeFolder } from "../make-folder.ts";

/** How the file is opened: a new one, or one that could be read up to a length. */
export interface TranscriptPlace {
  readonly path: string;
  readonly wholeBytes?: number;
  /** its length then, a torn line included: one that is longer now has another writer */
  readonly readBytes?: number;
  /** what follows is more than a torn line: the whole is kept in a copy before it is cut */
  readonly isDamaged?: boolean;
}

/**
 * A file that only grows. What cannot be written is kept and tried again with the next line, so that a disk that
 * was full for a while leaves no gap; the chat never fails because of it.
 */
export class TranscriptFile {
  readonly #place: TranscriptPlace;
  #path: string;
  readonly #onTrouble: (message: string) => void;
  #handle: number | undefined;
  #pending: Buffer = Buffer.alloc(0);
  #isInTrouble = false;
  #isCopied = false;
  /** length of the file as far as it is this program's */
  #size = 0;

  /** @param onTrouble told once when the file can't be written: a sentence; again only after it could be */
  constructor(place: TranscriptPlace, onTrouble: (message: string) => void) {
    this.#place = place;
    this.#path = place.path;
    this.#onTrouble = onTrouble;
  }

  /** Where it is: another place once another program has written to the same one. */
  get path(): string {
    return this.#path;
  }

  /** Adds a line at once, as far as the system lets it: a program that is killed has not lost it. */
  append(line: object): void {
    this.#pending = Buffer.concat([this.#pending, Buffer.from(`${JSON.stringify(line)}\n`)]);
    this.#save();
  }

  /** Lets the disk have it: a machine that stops has not lost it either. */
  sync(): void {
    if (this.#pending.length === 0) this.#try(() => fdatasyncSync(this.#ownHandle()));
  }

  /** Tries for the last time to write what could not be written. */
  close(): void {
    if (this.#pending.length > 0) this.#save();
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle !== undefined) this.#try(() => closeSync(handle));
  }

  #save(): void {
    this.#try(() => this.#drain(this.#ownHandle()));
  }

  #drain(handle: number): void {
    while (this.#pending.length > 0) {
      const written = writeSync(handle, this.#pending);
      this.#pending = this.#pending.subarray(written);
      this.#size += written;
    }
  }

  /** The file, opened; another one if someone else has written to it. */
  #ownHandle(): number {
    this.#handle ??= this.#open();
    const file = fstatSync(this.#handle);
    if (file.isFile() && file.size !== this.#size) this.#handle = this.#branch(this.#handle);
    return this.#handle;
  }

  #try(action: () => void): void {
    try {
      action();
      this.#isInTrouble = false;
    } catch (error) {
      if (!this.#isInTrouble) this.#onTrouble(this.#troubleWith(error));
      this.#isInTrouble = true;
    }
  }

  #open(): number {
    const { path: file, wholeBytes } = this.#place;
    makeFolder(path.dirname(file), 0o700);
    const handle = openSync(file, wholeBytes === undefined ? "ax" : "a", 0o600);
    if (wholeBytes !== undefined) undoneOnError(handle, () => this.#cut(handle, wholeBytes));
    return handle;
  }

  /** A torn last line would run into the next one. */
  #cut(handle: number, wholeBytes: number): void {
    const { path: file, readBytes = Infinity, isDamaged } = this.#place;
    if (isDamaged && !this.#isCopied) {
      this.#onTrouble(`The damaged conversation is kept whole as ${copyBeside(file)}.`);
      this.#isCopied = true;
    }
    const { size } = fstatSync(handle);
    if (size > wholeBytes && size <= readBytes) ftruncateSync(handle, wholeBytes);
    this.#size = Math.min(size, wholeBytes);
  }

  /** Two writers would make one unreadable file: what is this program's goes on in a copy. */
  #branch(handle: number): number {
    const own = `${this.#path.replace(/\.jsonl$/, "")}-${randomBytes(2).toString("hex")}.jsonl`;
    const ours = readFileSync(this.#path).subarray(0, this.#size);
    const next = openSync(own, "ax", 0o600);
    undoneOnError(next, () => writeFileSync(next, ours), own);
    closeSync(handle);
    this.#path = own;
    this.#onTrouble(`Another program goes on with this conversation too: here it is saved as ${own}.`);
    return next;
  }

  #troubleWith(error: unknown): string {
    const reason = reasons[codeOf(error) ?? ""] ?? messageOf(error);
    return `Not saved: ${reason} (${this.#path}). The chat goes on, and saving is tried again.`;
  }
}

/** Closes a file if what is done with it fails. @param made to be removed then */
function undoneOnError(handle: number, action: () => void, made?: string): void {
  try {
    action();
  } catch (error) {
    closeSync(handle);
    if (made !== undefined) rmSync(made, { force: true });
    throw error;
  }
}

/** Copies a file under a name that is free. @returns the copy's path */
function copyBeside(file: string, number = 1): string {
  const copy = `${file}.damaged${number === 1 ? "" : `-${number}`}`;
  try {
    copyFileSync(file, copy, constants.COPYFILE_EXCL);
    return copy;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    return copyBeside(file, number + 1);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "permission denied",
  EPERM: "permission denied",
};
