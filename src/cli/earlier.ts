import path from "node:path";
import {
  checkSameModel,
  findTranscript,
  newestChat,
  openTranscript,
  unfinishedChat,
  type Transcript,
} from "../chat/index.ts";
import { UserError } from "../errors.ts";
import type { ModelFolder } from "../model/index.ts";
import type { ProgramPaths } from "./paths.ts";

/** What the command line says of an earlier conversation. */
export type Resumption =
  | { readonly kind: "none" }
  /** `--continue`: the newest one with this model */
  | { readonly kind: "newest" }
  /** `--resume FILE` */
  | { readonly kind: "named"; readonly wanted: string }
  /** `--resume` alone: shown in the chat, to be chosen from */
  | { readonly kind: "list" };

export const transcriptsFolder = ({ data }: ProgramPaths) => path.join(data, "transcripts");

/** @throws UserError usage: what is there excludes one another */
export function resumptionOf(options: Readonly<Record<string, unknown>>): Resumption {
  const { continue: newest, resume, system } = options;
  if (newest === true && resume !== undefined)
    throw new UserError("usage", "--continue and --resume exclude each other: --continue takes the newest.");
  if (system !== undefined && (newest === true || typeof resume === "string")) {
    const flag = newest === true ? "--continue" : "--resume";
    throw new UserError(
      "usage",
      `--system begins a new chat, and ${flag} goes on with an earlier one: leave one of them out.`,
    );
  }
  if (newest === true) return { kind: "newest" };
  if (typeof resume === "string") return { kind: "named", wanted: resume };
  return { kind: resume === true ? "list" : "none" };
}

/**
 * The conversation that is gone on with.
 * @throws UserError usage: there is none, or it was held with other weights; file
 */
export async function openEarlier(
  resumption: Resumption,
  folder: ModelFolder,
  directory: string,
): Promise<Transcript | undefined> {
  if (resumption.kind === "named") {
    const transcript = await openTranscript(await findTranscript(directory, resumption.wanted));
    checkSameModel(transcript, folder);
    return transcript;
  }
  if (resumption.kind !== "newest") return undefined;
  const newest = await newestChat(directory, folder.weightsHash);
  if (newest !== undefined) return await openTranscript(newest.path);
  throw new UserError(
    "usage",
    `There is no conversation with ${folder.config.name} to go on with in ${directory}. Start one with: sdar-chat`,
  );
}

/** The sentence that offers an answer which a killed program left unfinished. */
export async function unfinishedNote(folder: ModelFolder, directory: string): Promise<string | undefined> {
  const chat = await unfinishedChat(directory, folder.weightsHash);
  if (chat === undefined) return undefined;
  const words = chat.firstWords.length > 40 ? `${chat.firstWords.slice(0, 40)}...` : chat.firstWords;
  return `The last conversation ("${words}") broke off in mid-answer: /resume ${chat.id.slice(-4)} goes on with it.`;
}
