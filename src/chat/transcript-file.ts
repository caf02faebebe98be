import {
  closeSync,
  copyFileSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { messageOf } from "../errors.ts";
import { makeFolder } from "../make-folder.ts";

/** How the file is opened: a new one, or one that could be read up to a length. */
export interface TranscriptPlace {
  readonly path: string;
  readonly wholeBytes?: number;
  /** what follows is more than a torn line: it is kept in a copy */
  readonly isDamaged?: boolean;
}

/**
 * A file that only grows. What cannot be written is kept and tried again with the next line, so that a disk that
 * was full for a while leaves no gap; the chat never fails because of it.
 */
export class TranscriptFile {
  readonly #place: TranscriptPlace;
  readonly #onTrouble: (message: string) => void;
  #handle: number | undefined;
  #pending: Buffer = Buffer.alloc(0);
  #isInTrouble = false;

  /** @param onTrouble told once when the file can't be written: a sentence; again only after it could be */
  constructor(place: TranscriptPlace, onTrouble: (message: string) => void) {
    this.#place = place;
    this.#onTrouble = onTrouble;
  }

  /** Adds a line at once, as far as the system lets it: a program that is killed has not lost it. */
  append(line: object): void {
    this.#pending = Buffer.concat([this.#pending, Buffer.from(`${JSON.stringify(line)}\n`)]);
    this.#try((handle) => this.#drain(handle));
  }

  /** Lets the disk have it: a machine that stops has not lost it either. */
  sync(): void {
    if (this.#pending.length === 0) this.#try(fdatasyncSync);
  }

  close(): void {
    if (this.#handle !== undefined) this.#try(closeSync);
    this.#handle = undefined;
  }

  #drain(handle: number): void {
    while (this.#pending.length > 0) {
      this.#pending = this.#pending.subarray(writeSync(handle, this.#pending));
    }
  }

  #try(action: (handle: number) => void): void {
    try {
      this.#handle ??= this.#open();
      action(this.#handle);
      this.#isInTrouble = false;
    } catch (error) {
      if (!this.#isInTrouble) this.#onTrouble(this.#troubleWith(error));
      this.#isInTrouble = true;
    }
  }

  #open(): number {
    const { path: file, wholeBytes, isDamaged } = this.#place;
    makeFolder(path.dirname(file), 0o700);
    if (isDamaged) copyFileSync(file, `${file}.damaged`);
    const handle = openSync(file, wholeBytes === undefined ? "ax" : "a", 0o600);
    // A torn last line would run into the next one.
    if (wholeBytes !== undefined && fstatSync(handle).size > wholeBytes) ftruncateSync(handle, wholeBytes);
    return handle;
  }

  #troubleWith(error: unknown): string {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const reason = reasons[code] ?? messageOf(error);
    return `Not saved: ${reason} (${this.#place.path}). The chat goes on, and saving is tried again.`;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "permission denied",
  EPERM: "permission denied",
};
