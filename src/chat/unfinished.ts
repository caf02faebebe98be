import { isRunning } from "../is-running.ts";
import { openTranscript, type Transcript } from "./transcript.ts";
import { savedChats, type SavedChat } from "./transcript-list.ts";

/** The newest conversation with a model. @param weights sha256 of the model's weights */
export async function newestChat(directory: string, weights: string): Promise<SavedChat | undefined> {
  for await (const chat of savedChats(directory)) if (chat.weights === weights) return chat;
  return undefined;
}

/** The newest conversation with a model, if the program that held it was killed in mid-answer. */
export async function unfinishedChat(directory: string, weights: string): Promise<SavedChat | undefined> {
  const newest = await newestChat(directory, weights);
  if (newest?.isOpen !== true) return undefined;
  const transcript = await openTranscript(newest.path).catch(() => undefined);
  if (transcript === undefined || !isCut(transcript)) return undefined;
  return isAnsweredElsewhere(transcript) ? undefined : newest;
}

/** Does another program still decode the last answer? One that had this program's number is gone. */
export function isAnsweredElsewhere(transcript: Transcript): boolean {
  const { writer } = transcript;
  return isCut(transcript) && writer !== undefined && writer !== process.pid && isRunning(writer);
}

const isCut = ({ turns }: Transcript) => turns.at(-1)?.reply.end === "cut";
