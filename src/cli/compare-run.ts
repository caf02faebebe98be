import { compareAnswers, reportOf, sideTyped, type Comparison, type SideAnswer } from "../chat/index.ts";
import type { CompareCommandOptions } from "./compare.ts";
import { sayDeviceChange, sayDeviceNote } from "./device-note.ts";
import { exitCodes } from "./exit-codes.ts";
import { Exit } from "./failure.ts";
import { watchInterruption } from "./interruption.ts";
import { forTerminal } from "./output.ts";
import { programPaths } from "./paths.ts";
import { openFolder, openSession, type Session } from "./session.ts";
import { decodingFor, type ChosenSettings } from "./settings.ts";
import { gatherSettings } from "./sources.ts";
import { joinPrompt, readStandardInput } from "./standard-input.ts";

/** Decodes one prompt on two sides, and prints what came out. */
export async function compare(
  ways: readonly [string, string],
  words: readonly string[],
  options: CompareCommandOptions,
): Promise<void> {
  const sides = ways.map((way) => sideTyped(way));
  const paths = programPaths();
  const chosen = await gatherSettings(options, paths);
  const text = joinPrompt(words, await readStandardInput(process.stdin));
  const session = await openSession(await openFolder(chosen, paths), chosen, paths);
  sayDeviceNote(chosen, session.engine);
  const interruption = watchInterruption();
  try {
    const comparison = await decode(session, chosen, sides, text, interruption.signal);
    process.stdout.write(options.json ? `${JSON.stringify(asJson(comparison))}\n` : asText(comparison));
    reportCut(comparison, session.folder.config.contextLength);
  } catch (error) {
    // A signal may have reached the engine's process too, whose end is then no news.
    if (interruption.exitCode() === undefined) throw error;
  } finally {
    interruption.release();
    await session.engine.close();
  }
  const code = interruption.exitCode();
  if (code !== undefined) throw new Exit(code);
}

async function decode(
  session: Session,
  { system, decoding }: ChosenSettings,
  sides: Parameters<typeof compareAnswers>[2],
  text: string,
  signal: AbortSignal,
): Promise<Comparison> {
  const settings = decodingFor(session.folder.config, decoding);
  const question = { text, system, turns: [], settings };
  return await compareAnswers(session, question, sides, { signal, onEvent: sayDeviceChange });
}

/**
 * Says on standard error that a text has no end of its own, so that little can be learned from where it ends.
 * @throws Exit if the context cut one
 */
function reportCut({ answers }: Comparison, contextLength: number): void {
  if (answers.every(({ answer }) => answer.reason !== "context")) return;
  process.stderr.write(
    `sdar-chat: an answer was cut: the context of ${contextLength} tokens is full. Ask with a shorter prompt.\n`,
  );
  throw new Exit(exitCodes.contextFull);
}

function asText(comparison: Comparison): string {
  const lines = reportOf(comparison).map(({ lead, text, ratio }) =>
    `${lead}${text}${ratio === undefined ? "" : `  ${ratio}`}`.trimEnd(),
  );
  return forTerminal(`${lines.join("\n")}\n`);
}

function asJson({ question, answers, parting }: Comparison): object {
  return { question, sides: answers.map(sideAsJson), parting: parting ?? null };
}

const sideAsJson = ({ side, settings, ids, answer }: SideAnswer): object => ({
  name: side.name,
  settings,
  text: answer.text,
  ids,
  reason: answer.reason,
  ...answer.rates,
});
