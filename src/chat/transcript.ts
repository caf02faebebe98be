import { readFile } from "node:fs/promises";
import { z } from "zod";
import { messageOf, UserError } from "../errors.ts";
import { headerSchema, lineSchema, schemaVersion, type TranscriptHeader } from "./transcript-format.ts";
import { TurnReader } from "./transcript-turns.ts";
import type { RecordedTurn } from "./turns.ts";

/** A conversation as it was saved. */
export interface Transcript {
  readonly path: string;
  /** absent if the file broke off before its first line was complete */
  readonly header?: TranscriptHeader;
  readonly turns: readonly RecordedTurn[];
  /** process that decodes or decoded the last answer */
  readonly writer?: number;
  /** length of the lines that could be read: a torn or damaged line and what follows it are left out */
  readonly wholeBytes: number;
  /** length of the file */
  readonly readBytes: number;
  /** a whole line could not be read: something else than a torn end */
  readonly isDamaged: boolean;
}

/** How every transcript begins, whatever its version. */
const beginning = '{"type":"sdar-chat","schema":';

/**
 * Reads a transcript. A file that was cut anywhere gives what came before the cut.
 * @throws UserError file: it cannot be read, is no transcript, or one of a newer version
 */
export async function openTranscript(file: string): Promise<Transcript> {
  return readTranscript(await readBytes(file), file);
}

/** As openTranscript, of the file's bytes. @throws UserError file */
export function readTranscript(bytes: Buffer, file: string): Transcript {
  const lines = wholeLines(bytes);
  const first = lines[0];
  if (first === undefined) {
    const text = bytes.toString();
    if (!beginning.startsWith(text) && !text.startsWith(beginning)) throw notATranscript(file);
    return { path: file, turns: [], wholeBytes: 0, readBytes: bytes.length, isDamaged: false };
  }
  const header = parseHeader(first.text, file);
  const reader = new TurnReader(header);
  let wholeBytes = first.end;
  for (const { text, end } of lines.slice(1)) {
    const line = lineSchema.safeParse(parseJson(text));
    if (!line.success || !reader.read(line.data)) break;
    wholeBytes = end;
  }
  const isDamaged = wholeBytes < (lines.at(-1)?.end ?? 0);
  const { writer } = reader;
  const read = { path: file, header, turns: reader.turns(), wholeBytes, readBytes: bytes.length, isDamaged };
  return writer === undefined ? read : { ...read, writer };
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UserError(
      "file",
      `The conversation ${file} could not be read: ${messageOf(error)}. Make it readable, or name another one.`,
      {
        cause: error,
      },
    );
  }
}

/** Lines with where each ends, its newline included; what follows the last newline is torn. */
function wholeLines(bytes: Buffer): { text: string; end: number }[] {
  const lines = [];
  for (let start = 0, end = 0; (end = bytes.indexOf(10, start) + 1) > 0; start = end) {
    lines.push({ text: bytes.toString("utf8", start, end - 1), end });
  }
  return lines;
}

function parseHeader(text: string, file: string): TranscriptHeader {
  const value = parseJson(text);
  const header = headerSchema.safeParse(value);
  if (header.success) return header.data;
  const other = z.looseObject({ type: z.literal("sdar-chat"), schema: z.number() }).safeParse(value);
  if (!other.success || other.data.schema <= schemaVersion) throw notATranscript(file);
  throw new UserError(
    "file",
    `The conversation ${file} was saved by a newer sdar-chat (schema ${other.data.schema}; this one reads ${schemaVersion}): update sdar-chat.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const notATranscript = (file: string) =>
  new UserError(
    "file",
    `${file} is no conversation that sdar-chat saved. /resume in a chat lists those there are.`,
  );
