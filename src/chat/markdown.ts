import { access, rename, rm, writeFile } from "node:fs/promises";
import { messageOf, UserError } from "../errors.ts";
import { absolutePath } from "../absolute-path.ts";
import type { ReplyEnd, Turn } from "./turns.ts";

export interface MarkdownFacts {
  readonly model: string;
  readonly system?: string;
}

/** The conversation as people read it. What was written stays as it was written. */
export function toMarkdown(turns: readonly Turn[], { model, system }: MarkdownFacts): string {
  const head = [`# A conversation with ${model}`, ...(system === undefined ? [] : [`*System:* ${system}`])];
  const body = turns.flatMap(({ user, reply }) => [
    `## You`,
    user,
    `## ${model}`,
    ...(reply.content === "" ? [] : [reply.content]),
    ...endNote(reply.end, reply.problem),
  ]);
  return `${[...head, ...body].map((part) => part.trim()).join("\n\n")}\n`;
}

/** Says why an answer is shorter than it would be. */
function endNote(end: ReplyEnd, problem: string | undefined): string[] {
  const notes: Record<ReplyEnd, string | undefined> = {
    stop: undefined,
    length: "the limit of tokens was reached",
    context: "the context was full",
    aborted: "stopped",
    failed: problem ?? "the engine failed",
    cut: "the program ended here",
  };
  const note = notes[end];
  return note === undefined ? [] : [`*(${note})*`];
}

/**
 * Writes a file whole or not at all.
 * @param name `~/` is the home folder
 * @param own files that may be replaced: absolute paths
 * @returns the absolute path
 * @throws UserError file
 */
export async function writeText(name: string, text: string, own: ReadonlySet<string>): Promise<string> {
  const file = absolutePath(name);
  if (!own.has(file) && (await isThere(file))) {
    throw new UserError(
      "file",
      `${file} is already there, and was not saved by this chat: choose another name.`,
    );
  }
  const draft = `${file}.${process.pid}.part`;
  try {
    await writeFile(draft, text, { flag: "wx" });
    await rename(draft, file);
    return file;
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    // What Node says behind the comma names the draft, of which nobody knows.
    const [reason] = messageOf(error).split(", ");
    throw new UserError(
      "file",
      `The conversation could not be saved as ${file}: ${reason}. Choose another folder.`,
      { cause: error },
    );
  }
}

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
