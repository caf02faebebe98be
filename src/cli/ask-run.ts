import {
  attach,
  checkRoom,
  Conversation,
  plainMessage,
  readAttachment,
  reduceAnswer,
  waitingAnswer,
  type AnswerState,
  type Attachment,
  type Message,
} from "../chat/index.ts";
import type { DecodingSettings } from "../engine/index.ts";
import { followCommands } from "./ask-control.ts";
import { eventPrinter, reportEnd, statsLine, textPrinter, type Printer } from "./ask-output.ts";
import type { AskOptions } from "./ask.ts";
import { sayDeviceNote } from "./device-note.ts";
import { Exit } from "./failure.ts";
import { idleNotes } from "./idle-options.ts";
import { watchInterruption } from "./interruption.ts";
import { programPaths } from "./paths.ts";
import { openFolder, openSession, type Session } from "./session.ts";
import { decodingFor, type ChosenSettings } from "./settings.ts";
import { gatherSettings } from "./sources.ts";
import { joinPrompt, readStandardInput } from "./standard-input.ts";

/** Answers one prompt: the answer alone on standard output, all else on standard error. */
export async function ask(words: readonly string[], options: AskOptions): Promise<void> {
  const paths = programPaths();
  const chosen = await gatherSettings(options, paths);
  const prompt = joinPrompt(words, options.control ? "" : await readStandardInput(process.stdin));
  const folder = await openFolder(chosen, paths);
  const files = await readFiles(options.file ?? [], folder.config.contextLength);
  const session = await openSession(folder, chosen, paths);
  sayDeviceNote(chosen, session.engine);
  for (const idle of idleNotes(options, decodingFor(folder.config, chosen.decoding)))
    process.stderr.write(`sdar-chat: ${idle}\n`);
  try {
    for (const file of files) checkRoom(file, session.tokenizer, folder.config.contextLength);
    await answer(session, chosen, attach(plainMessage(prompt), files), options);
  } finally {
    await session.engine.close();
  }
}

async function readFiles(names: readonly string[], contextLength: number): Promise<readonly Attachment[]> {
  const files: Attachment[] = [];
  for (const name of names) files.push(await readAttachment(name, contextLength));
  return files;
}

/** Until the model is there a signal simply ends the program; from here on it ends the answer first. */
async function answer(
  session: Session,
  { system, decoding }: ChosenSettings,
  message: Message,
  { json, stats, control }: AskOptions,
): Promise<void> {
  const settings = decodingFor(session.folder.config, decoding);
  const conversation = new Conversation({ ...session, settings, ...(system !== undefined && { system }) });
  const printer = json ? eventPrinter(process.stdout, session.tokenizer) : textPrinter(process.stdout);
  const interruption = watchInterruption();
  const stop = new AbortController();
  const commands = control ? obeyCommands(conversation, stop) : () => {};
  try {
    const signal = AbortSignal.any([interruption.signal, stop.signal]);
    const last = await printAnswer(conversation, message, printer, signal);
    if (stats) process.stderr.write(`${statsLine(last)}\n`);
    reportEnd(last, session.folder.config.contextLength);
  } catch (error) {
    // A signal may have reached the engine's process too, whose end is then no news.
    if (interruption.exitCode() === undefined) throw error;
  } finally {
    commands();
    interruption.release();
  }
  const code = interruption.exitCode();
  if (code !== undefined) throw new Exit(code);
}

/** @returns ends it */
function obeyCommands(conversation: Conversation, stopping: AbortController): () => void {
  const controls = {
    adjust: (change: Partial<DecodingSettings>) => conversation.adjust(change),
    stop: () => stopping.abort(),
  };
  return followCommands(process.stdin, controls, (sentence) =>
    process.stderr.write(`sdar-chat: ${sentence}\n`),
  );
}

async function printAnswer(
  conversation: Conversation,
  { text, inserts }: Message,
  print: Printer,
  signal: AbortSignal,
): Promise<AnswerState> {
  let state = waitingAnswer(conversation.settings);
  for await (const event of conversation.send(text, { inserts, signal })) {
    const next = reduceAnswer(state, event, conversation.tokenizer);
    print(event, state, next);
    state = next;
  }
  return state;
}
