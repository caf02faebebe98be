import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { isMissing, messageOf, UserError } from "../errors.ts";
import type { Tokenizer } from "../model/index.ts";
import { sizeText } from "../size-text.ts";
import { absolutePath } from "../absolute-path.ts";
import type { Insert, Message } from "./message.ts";
import { aboutText, tooManyTokens } from "./token-count.ts";

/** A text file that goes with a message. */
export interface Attachment {
  /** as the person wrote it */
  readonly name: string;
  readonly text: string;
}

/** Bytes a token stands for at most, with room to spare: what is larger needs no counting. */
const mostBytesAToken = 32;

/** Is there anything of that name? @param name as for readAttachment */
export const isThere = (name: string): Promise<boolean> =>
  stat(absolutePath(name)).then(
    () => true,
    () => false,
  );

/**
 * Reads a file for a message.
 * @param name relative to the working directory; `~/` is the home folder
 * @param contextLength tokens that prompt and reply may have together
 * @throws UserError file: it is missing, a folder, or no text; context-full: it is larger than the context
 */
export async function readAttachment(name: string, contextLength: number): Promise<Attachment> {
  const file = absolutePath(name);
  const facts = await stat(file).catch((error: unknown) => {
    throw unreadable(name, error);
  });
  if (facts.isDirectory()) throw new UserError("file", `${name} is a folder: name a file in it.`);
  if (!facts.isFile()) throw new UserError("file", `${name} is no ordinary file: its text cannot be read.`);
  if (facts.size > contextLength * mostBytesAToken) {
    throw new UserError(
      "context-full",
      `${name} is larger than the model's context of ${contextLength.toLocaleString("en")} tokens (${sizeText(facts.size)}): send a part of it.`,
    );
  }
  const bytes = await readFile(file).catch((error: unknown) => {
    throw unreadable(name, error);
  });
  return { name, text: decodeText(bytes, name) };
}

/**
 * Does the file alone leave room for an answer?
 * @throws UserError context-full
 */
export function checkRoom({ name, text }: Attachment, tokens: Tokenizer, contextLength: number): void {
  const tooMany = tooManyTokens(text, tokens, contextLength);
  const needed = tooMany ?? tokens.encode(text).length;
  if (needed < contextLength) return;
  const count = tooMany === undefined ? needed.toLocaleString("en") : aboutText(tooMany);
  throw new UserError(
    "context-full",
    `${name} takes ${count} tokens and the model's context holds ${contextLength.toLocaleString("en")}: send a part of it.`,
  );
}

/** The message with the files behind it, each under its name in a fence that nothing in it closes. */
export function attach({ text, inserts }: Message, files: readonly Attachment[]): Message {
  let whole = text.trimEnd();
  const added: Insert[] = [];
  for (const file of files) {
    const start = whole.length;
    whole += `${whole === "" ? "" : "\n\n"}${fenced(file)}`;
    added.push({ kind: "file", start, end: whole.length });
  }
  return { text: whole, inserts: [...inserts, ...added] };
}

function fenced({ name, text }: Attachment): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`{3,}/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${name}:\n${fence}${path.extname(name).slice(1)}\n${text.trimEnd()}\n${fence}`;
}

function decodeText(bytes: Buffer, name: string): string {
  try {
    if (bytes.includes(0)) throw new TypeError("a byte is 0");
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll(/\r\n?/g, "\n");
  } catch {
    throw new UserError("file", `${name} is not text in UTF-8: only such files can go with a message.`);
  }
}

function unreadable(name: string, error: unknown): UserError {
  const what = isMissing(error)
    ? `There is no file ${name}.`
    : `${name} could not be read: ${messageOf(error)}.`;
  return new UserError("file", what, { cause: error });
}
