import { Conversation, reduceAnswer, waitingAnswer, type AnswerState } from "../chat/index.ts";
import { eventPrinter, reportEnd, statsLine, textPrinter, type Printer } from "./ask-output.ts";
import type { AskOptions } from "./ask.ts";
import { Exit } from "./failure.ts";
import { watchInterruption } from "./interruption.ts";
import { programPaths } from "./paths.ts";
import { openSession, type Session } from "./session.ts";
import { gatherSettings } from "./sources.ts";
import { joinPrompt, readStandardInput } from "./standard-input.ts";

/** Answers one prompt: the answer alone on standard output, all else on standard error. */
export async function ask(words: readonly string[], options: AskOptions): Promise<void> {
  const paths = programPaths();
  const chosen = await gatherSettings(options, paths);
  const prompt = joinPrompt(words, await readStandardInput(process.stdin));
  const session = await openSession(chosen, paths);
  // Until here a signal simply ended the program: there was nothing to finish.
  const interruption = watchInterruption();
  try {
    const printer = options.json
      ? eventPrinter(process.stdout, session.tokenizer)
      : textPrinter(process.stdout);
    const answer = await printAnswer(session, chosen.system, prompt, printer, interruption.signal);
    if (options.stats) process.stderr.write(`${statsLine(answer)}\n`);
    reportEnd(answer, session.folder.config.contextLength);
  } finally {
    await session.engine.close();
    interruption.release();
  }
  const code = interruption.exitCode();
  if (code !== undefined) throw new Exit(code);
}

async function printAnswer(
  { engine, tokenizer, folder, settings }: Session,
  system: string | undefined,
  prompt: string,
  print: Printer,
  signal: AbortSignal,
): Promise<AnswerState> {
  const options = { engine, tokenizer, folder, settings, ...(system !== undefined && { system }) };
  const conversation = new Conversation(options);
  let answer = waitingAnswer(settings);
  for await (const event of conversation.send(prompt, { signal })) {
    const next = reduceAnswer(answer, event, tokenizer);
    print(event, answer, next);
    answer = next;
  }
  return answer;
}
