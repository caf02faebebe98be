import { randomBytes } from "node:crypto";
import path from "node:path";
import type { EngineInfo } from "../engine/index.ts";
import type { ModelFolder } from "../model/index.ts";
import { UserError } from "../errors.ts";
import { Recorder } from "./recorder.ts";
import { brokeOff } from "./refusals.ts";
import { TranscriptFile } from "./transcript-file.ts";
import { schemaVersion, type TranscriptHeader } from "./transcript-format.ts";
import type { Transcript } from "./transcript.ts";
import type { Turn } from "./turns.ts";

/** Where conversations are saved as they happen. */
export interface SaveOptions {
  /** created (mode 0700) when the first message is sent; one file (0600) a conversation */
  readonly directory: string;
  readonly program: { readonly version: string; readonly build?: string };
  /**
   * told a sentence: once when the file cannot be written (the conversation goes on, and writing is tried again), and
   * when another program writes to the same one (it goes on in a copy)
   */
  readonly onTrouble: (message: string) => void;
}

/** What a transcript says of itself. */
export interface HeaderFacts {
  readonly folder: ModelFolder;
  readonly info: EngineInfo;
  readonly system: string | undefined;
}

export interface OpenTranscript {
  readonly file: TranscriptFile;
  readonly recorder: Recorder;
}

/** A new transcript, to be made when a message is asked. @param said turns before it, from another model */
export function newTranscript(
  { directory, program, onTrouble }: SaveOptions,
  facts: HeaderFacts,
  said: readonly Turn[],
): OpenTranscript {
  const startedAt = new Date().toISOString();
  const name = `${startedAt.slice(0, 19).replaceAll(":", "-")}-${randomBytes(2).toString("hex")}.jsonl`;
  const header = headerOf(facts, program, startedAt);
  const file = new TranscriptFile({ path: path.join(directory, name) }, onTrouble);
  const recorder = new Recorder(file, { header });
  for (const turn of said) recorder.said(turn);
  return { file, recorder };
}

/** Goes on with a transcript where its readable part ends. */
export function continuedTranscript(
  { path: name, wholeBytes, readBytes, isDamaged }: Transcript,
  last: Turn | undefined,
  { onTrouble }: SaveOptions,
): OpenTranscript {
  const file = new TranscriptFile({ path: name, wholeBytes, readBytes, isDamaged }, onTrouble);
  return { file, recorder: new Recorder(file, { last }) };
}

/**
 * Ids mean the same only to the model that decoded them.
 * @throws UserError usage
 */
export function checkSameModel({ header, path: file }: Transcript, folder: ModelFolder): void {
  if (header === undefined) throw brokeOff(file);
  if (header.model.weights === folder.weightsHash) return;
  throw new UserError(
    "usage",
    `The conversation ${file} was held with ${header.model.name} (weights ${short(header.model.weights)}), ` +
      `and this is ${folder.config.name} (weights ${short(folder.weightsHash)}): go on with that model, or start a new chat.`,
  );
}

/**
 * What is to be said of a damaged conversation that is gone on with; undefined: it is whole.
 * @param isSaved whether what is said next will be saved
 */
export function damageNote(
  { isDamaged, path: file, turns }: Transcript,
  isSaved: boolean,
): string | undefined {
  if (!isDamaged) return undefined;
  const count = turns.length === 1 ? "one message" : `${turns.length} messages`;
  const kept = isSaved ? " All of it is kept in a copy as soon as you write on." : "";
  return `${file} is damaged after ${count}: what follows cannot be read.${kept}`;
}

const short = (hash: string) => hash.slice(0, 8);

function headerOf(
  { folder, info, system }: HeaderFacts,
  program: SaveOptions["program"],
  startedAt: string,
): TranscriptHeader {
  const { name, maskTokenId, stopTokenIds } = folder.config;
  return {
    type: "sdar-chat",
    schema: schemaVersion,
    startedAt,
    program: { ...program },
    model: { name, weights: folder.weightsHash, maskTokenId, stopTokenIds },
    device: info.device,
    threads: info.threads,
    ...(system !== undefined && { system }),
  };
}
