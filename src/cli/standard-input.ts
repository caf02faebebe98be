import { UserError } from "../errors.ts";

// Far beyond any context, and small enough to look at.
const mostBytes = 16 * 1024 * 1024;
/** Silence after which it is said what is waited for, milliseconds. */
const patience = 2000;

/**
 * The prompt of `ask`: the arguments, then an empty line, then standard input; either may be absent.
 * @throws UserError usage if nothing is left of both
 */
export function joinPrompt(words: readonly string[], input: string): string {
  const parts = [words.join(" "), input].map((part) => part.trimEnd()).filter((part) => part.trim() !== "");
  if (parts.length > 0) return parts.join("\n\n");
  throw new UserError(
    "usage",
    'The prompt is empty. Give it as an argument (sdar-chat ask "why?") or pipe it in.',
  );
}

/**
 * What was piped or redirected into the program; "" from a terminal. Where it is long in ending that is said.
 * @throws UserError usage if it is not text, context-full if it is larger than any context
 */
export async function readStandardInput(input: NodeJS.ReadStream): Promise<string> {
  if (input.isTTY) return "";
  const timer = setTimeout(sayWaiting, patience);
  try {
    return await readAll(input);
  } finally {
    clearTimeout(timer);
  }
}

function sayWaiting(): void {
  process.stderr.write("sdar-chat: reading standard input: end it, or run with < /dev/null\n");
}

async function readAll(input: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    if (bytes.includes(0)) throw notText(`byte ${size + bytes.indexOf(0)} is 0`);
    chunks.push(bytes);
    size += bytes.length;
    if (size > mostBytes) throw tooLarge();
  }
  return decodeText(Buffer.concat(chunks));
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw notText("it is not UTF-8");
  }
}

function notText(why: string): UserError {
  return new UserError("usage", `Standard input is not text: ${why}. Pipe in a text file in UTF-8.`);
}

function tooLarge(): UserError {
  const limit = mostBytes / 1024 / 1024;
  return new UserError(
    "context-full",
    `Standard input is larger than ${limit} MiB, more than any context holds. Pipe in a part of it.`,
  );
}
