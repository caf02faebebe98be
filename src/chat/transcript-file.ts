import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { codeOf, messageOf } from "../errors.ts";
import { makeFolder } from "../make-folder.ts";
import { copyBeside, moveInto, undoneOnError } from "./file-copies.ts";

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

  /** What is to be gone on with was deleted before the first line: nothing of it can be written anew. */
  get isGone(): boolean {
    return this.#handle === undefined && this.#place.wholeBytes !== undefined && !existsSync(this.#path);
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

  /** The file, opened; another one if it was deleted, or is not this program's alone any more. */
  #ownHandle(): number {
    const handle = (this.#handle ??= this.#open());
    const file = fstatSync(handle);
    if (!file.isFile()) return handle;
    const there = statSync(this.#path, { throwIfNoEntry: false });
    if (there === undefined) this.#handle = this.#restored(handle);
    else if (file.size !== this.#size)
      this.#handle = this.#branch(handle, "Another program goes on with this conversation too");
    // An inode number alone tells nothing apart: on some file systems it changes by itself.
    else if (there.size !== this.#size || (file.nlink === 0 && there.ino !== file.ino))
      this.#handle = this.#branch(handle, "Another file is where this conversation was saved");
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
    const handle = openSync(file, wholeBytes === undefined ? "ax+" : "a+", 0o600);
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

  /** What has no name any more can still be read: the whole gets its name back. */
  #restored(handle: number): number {
    const next = moveInto(this.#path, handle, this.#size);
    this.#onTrouble(
      `The file of this conversation was deleted or moved: it is written anew, whole, as ${this.#path}.`,
    );
    return next;
  }

  /** Two writers would make one unreadable file: what is this program's goes on in a copy. */
  #branch(handle: number, why: string): number {
    const own = `${this.#path.replace(/\.jsonl$/, "")}-${randomBytes(2).toString("hex")}.jsonl`;
    const next = moveInto(own, handle, this.#size);
    this.#path = own;
    this.#size = fstatSync(next).size;
    this.#onTrouble(`${why}: here it is saved as ${own}.`);
    return next;
  }

  #troubleWith(error: unknown): string {
    const reason = reasons[codeOf(error) ?? ""] ?? messageOf(error);
    return `Not saved: ${reason} (${this.#path}). The chat goes on, and saving is tried again.`;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "permission denied",
  EPERM: "permission denied",
};
