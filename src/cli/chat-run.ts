import path from "node:path";
import { Conversation } from "../chat/index.ts";
import type { DecodingSettings } from "../engine/index.ts";
import { UserError } from "../errors.ts";
import type { ModelFolder } from "../model/index.ts";
import type { ChatRun, DisplayWishes } from "../tui/index.ts";
import { guardChat, type OpenChat } from "./chat-guard.ts";
import { programPaths, type ProgramPaths } from "./paths.ts";
import type { ScreenSettings } from "./screen-knobs.ts";
import { openFolder, openSession } from "./session.ts";
import { decodingFor, type ChosenSettings } from "./settings.ts";
import { gatherSettings } from "./sources.ts";
import { programVersion } from "./version.ts";

/** All that is decided before anything is loaded. */
interface ChatPlan {
  readonly chosen: ChosenSettings;
  readonly paths: ProgramPaths;
  readonly folder: ModelFolder;
  readonly settings: DecodingSettings;
  readonly save: boolean;
}

/** A chat on the screen, until the person leaves it. */
export async function chat(options: Readonly<Record<string, unknown>>): Promise<void> {
  requireTerminal();
  const plan = await planChat(options);
  let shown: ChatRun | undefined;
  const opening = openChat(plan, (sentence) => shown?.notify(sentence));
  // The model loads while the screen's part of the program does. Whoever shows a failure comes only with that.
  opening.catch(() => {});
  const { chooseDisplay, runChat } = await import("../tui/index.ts");
  const display = chooseDisplay(process.env, process.stdout.getColorDepth(), wishesOf(plan.chosen.screen));
  const conversation = opening.then((opened) => opened.conversation);
  const run = runChat({ ...screenFacts(plan), conversation, display });
  shown = run;
  const guard = guardChat(run, opening);
  try {
    process.exitCode = await run.exitCode;
  } finally {
    await guard.close();
  }
}

async function planChat(options: Readonly<Record<string, unknown>>): Promise<ChatPlan> {
  const paths = programPaths();
  const chosen = await gatherSettings(options, paths);
  const folder = await openFolder(chosen, paths);
  const settings = decodingFor(folder.config, chosen.decoding);
  return { chosen, paths, folder, settings, save: chosen.screen.save ?? true };
}

async function openChat(plan: ChatPlan, onTrouble: (sentence: string) => void): Promise<OpenChat> {
  const { chosen, paths, folder, settings, save } = plan;
  const session = await openSession(folder, chosen, paths);
  const saving = {
    directory: path.join(paths.data, "transcripts"),
    program: { version: programVersion },
    onTrouble,
  };
  const conversation = new Conversation({
    ...session,
    settings,
    ...(chosen.system !== undefined && { system: chosen.system }),
    ...(save && { save: saving }),
  });
  return { conversation, engine: session.engine };
}

function screenFacts({ chosen, paths, folder, settings, save }: ChatPlan) {
  const { name, weights, contextLength } = folder.config;
  return {
    banner: `sdar-chat ${programVersion}  ${name} ${weights.kind}  cpu`,
    settings,
    contextLimit: contextLength,
    ...(chosen.system !== undefined && { system: chosen.system }),
    ...(save && { historyFile: path.join(paths.data, "history.jsonl") }),
  };
}

function wishesOf({ theme, ascii, motion, pacing, plain }: Partial<ScreenSettings>): DisplayWishes {
  return {
    ...(theme !== undefined && { theme }),
    ...(ascii !== undefined && { ascii }),
    ...(motion !== undefined && { motion }),
    ...(pacing !== undefined && { paced: pacing }),
    ...(plain !== undefined && { markdown: !plain }),
  };
}

/** @throws UserError usage */
function requireTerminal(): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return;
  const which = process.stdin.isTTY ? "output" : "input";
  throw new UserError(
    "usage",
    `A chat needs a terminal, and standard ${which} is none. For pipes and scripts there is: sdar-chat ask "why?"`,
  );
}
