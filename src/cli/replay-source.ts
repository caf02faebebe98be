import path from "node:path";
import {
  brokeOff,
  findTranscript,
  openTranscript,
  type Transcript,
  type TranscriptHeader,
} from "../chat/index.ts";
import { UserError } from "../errors.ts";
import type { ModelFolder } from "../model/index.ts";
import type { ProgramPaths } from "./paths.ts";

/** A saved conversation of which at least the first message is there. */
export interface ReplaySource extends Transcript {
  readonly header: TranscriptHeader;
}

/**
 * Opens a conversation by path, or by the end of its name. A damaged one is read up to the damage, which is said.
 * @throws UserError usage, file
 */
export async function openSource(wanted: string, paths: ProgramPaths): Promise<ReplaySource> {
  const file = await findTranscript(path.join(paths.data, "transcripts"), wanted);
  const transcript = await openTranscript(file);
  const { header, turns, isDamaged, wholeBytes } = transcript;
  if (header === undefined || (turns.length === 0 && !isDamaged)) throw brokeOff(file);
  if (isDamaged) {
    const count = turns.length === 1 ? "one answer" : `${turns.length} answers`;
    const damage = `${file} is damaged after ${wholeBytes} bytes`;
    if (turns.length === 0)
      throw new UserError("file", `${damage}: no answer can be read. Replay another one.`);
    process.stderr.write(`sdar-chat: ${damage}: ${count} could be read, the last one perhaps in part.\n`);
  }
  return { ...transcript, header };
}

/** Says on standard error that the conversation was held with other weights than those at hand. */
export function sayOtherModel({ header }: ReplaySource, { config, weightsHash }: ModelFolder): void {
  const { name, weights } = header.model;
  if (weights === weightsHash) return;
  const was = `${name} (${weights.slice(0, 12)})`;
  const is = `${config.name} (${weightsHash.slice(0, 12)})`;
  process.stderr.write(
    `sdar-chat: the conversation was held with ${was}; this is ${is}. --model names another.\n`,
  );
}
