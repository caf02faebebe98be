import { open, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { absolutePath } from "../absolute-path.ts";
import { isMissing, messageOf, UserError } from "../errors.ts";
import { headerSchema } from "./transcript-format.ts";

/** A saved conversation, as a list of them shows it. */
export interface SavedChat {
  readonly path: string;
  /** name of the file, without its ending: its last four characters are as good as unique */
  readonly id: string;
  /** when something was last said, milliseconds since 1970 */
  readonly changedAt: number;
  readonly model: string;
  /** sha256 of its weights */
  readonly weights: string;
  /** beginning of the first message */
  readonly firstWords: string;
  /** the last answer has no end: it is being decoded, or the program was killed */
  readonly isOpen: boolean;
}

const ending = ".jsonl";
/** Of a file, only its beginning and its end are read. */
const peek = 65_536;
const mostWords = 200;

/**
 * Conversations saved in a folder, the newest first. What is no conversation, or has none of its first message, is left out.
 * @throws UserError file: the folder cannot be read
 */
export async function listTranscripts(directory: string, most = Infinity): Promise<SavedChat[]> {
  const chats: SavedChat[] = [];
  for await (const chat of savedChats(directory)) {
    if (chats.push(chat) >= most) break;
  }
  return chats;
}

/** The same one by one: those that nobody asks for are not opened. */
export async function* savedChats(directory: string): AsyncGenerator<SavedChat> {
  const dated = await Promise.all((await filesIn(directory)).map(dateOf));
  for (const { file, changedAt } of dated.toSorted((a, b) => b.changedAt - a.changedAt)) {
    const chat = await glance(file, changedAt).catch(() => undefined);
    if (chat !== undefined) yield chat;
  }
}

/**
 * The file meant by a path (`~/` is the home folder), an id, or the beginning or end of an id.
 * @throws UserError usage: there is none, or more than one; file
 */
export async function findTranscript(directory: string, wanted: string): Promise<string> {
  const file = absolutePath(wanted);
  // A folder may be called as an id is.
  if (
    await stat(file).then(
      (found) => !found.isDirectory(),
      () => false,
    )
  )
    return file;
  const found = (await filesIn(directory)).filter((each) => {
    const id = idOf(each);
    return id.startsWith(wanted) || id.endsWith(wanted);
  });
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const what =
    found.length === 0 ? "There is no saved conversation" : `${found.length} conversations are called`;
  throw new UserError("usage", `${what} ${wanted} in ${directory}. /resume in a chat lists those there are.`);
}

/** Turns of a saved conversation, without those that were taken back. All of the file is read, and none of it parsed. */
export async function countTurns(file: string): Promise<number> {
  const bytes = await readFile(file);
  let turns = 0;
  for (let at = bytes.indexOf(lineStart); at !== -1; at = bytes.indexOf(lineStart, at + 1)) {
    const line = bytes.toString("latin1", at + 1, at + 120);
    if (line.startsWith('{"type":"ask"')) turns++;
    const left = /^\{"type":"rewind",.*?"turns":(\d+)/.exec(line)?.[1];
    if (left !== undefined) turns = Number(left);
  }
  return turns;
}

const lineStart = '\n{"type":"';

async function filesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw new UserError(
      "file",
      `The saved conversations cannot be listed: ${messageOf(error)}. Make ${directory} readable.`,
      { cause: error },
    );
  });
  return names.filter((name) => name.endsWith(ending)).map((name) => path.join(directory, name));
}

const idOf = (file: string) => path.basename(file, ending);

const dateOf = async (file: string) => ({
  file,
  changedAt: await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  ),
});

async function glance(file: string, changedAt: number): Promise<SavedChat | undefined> {
  const { head, tail } = await bothEnds(file);
  const end = head.indexOf("\n");
  const header = headerSchema.safeParse(JSON.parse(head.slice(0, end)));
  const user = /^\{"type":"ask",[^\n]*?"user":"((?:[^"\\\n]|\\.)*)/m.exec(head.slice(end + 1))?.[1];
  if (!header.success || user === undefined) return undefined;
  const { name: model, weights } = header.data.model;
  return {
    path: file,
    id: idOf(file),
    changedAt,
    model,
    weights,
    firstWords: wordsOf(user),
    isOpen: !isClosed(tail),
  };
}

async function bothEnds(file: string): Promise<{ head: string; tail: string }> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const part = async (position: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(peek, size)), { position });
      return buffer.toString("utf8", 0, bytesRead);
    };
    return { head: await part(0), tail: await part(Math.max(0, size - peek)) };
  } finally {
    await handle.close();
  }
}

/** The text of a JSON string that may be cut anywhere. */
function wordsOf(json: string): string {
  const whole = json.replace(/\\(?:u[0-9a-f]{0,3})?$/i, "");
  const text: unknown = JSON.parse(`"${whole}"`);
  return String(text).slice(0, mostWords).replaceAll(/\s+/g, " ").trim();
}

/** Is the last whole line the end of a turn? */
function isClosed(tail: string): boolean {
  const lines = tail.slice(0, tail.lastIndexOf("\n")).split("\n");
  return /^\{"type":"(?:end|rewind)"/.test(lines.at(-1) ?? "");
}
