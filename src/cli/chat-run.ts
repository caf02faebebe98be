import path from "node:path";
import { Conversation, damageNote, type Transcript } from "../chat/index.ts";
import { hasGpu, type DecodingSettings, type Engine } from "../engine/index.ts";
import { UserError } from "../errors.ts";
import type { ModelFolder } from "../model/index.ts";
import { sizeOf } from "../terminal-size.ts";
import type { ChatRun } from "../tui/index.ts";
import { bannerFor } from "./banner.ts";
import { guardChat } from "./chat-guard.ts";
import { wishesOf } from "./display-wishes.ts";
import { openEarlier, resumptionOf, transcriptsFolder, unfinishedNote, type Resumption } from "./earlier.ts";
import { EventFile } from "./event-file.ts";
import { exitCodeForThrown } from "./failure.ts";
import { idleNotes } from "./idle-options.ts";
import { modelShelf } from "./model-shelf.ts";
import { programPaths, type ProgramPaths } from "./paths.ts";
import { openFolder, openSession } from "./session.ts";
import { chatDial, decodingFor, type ChosenSettings } from "./settings.ts";
import { gatherSettings } from "./sources.ts";
import { programVersion } from "./version.ts";

/** All that is decided before anything is loaded. */
interface ChatPlan {
  readonly chosen: ChosenSettings;
  readonly paths: ProgramPaths;
  readonly folder: ModelFolder;
  readonly settings: DecodingSettings;
  readonly save: boolean;
  /** where the engine's events go */
  readonly events?: EventFile;
  readonly resumption: Resumption;
  readonly resume?: Transcript;
  /** what of it could not be read, in a sentence */
  readonly damage?: string;
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
  const models = modelShelf(plan.chosen, plan.paths);
  const run = await runChat({ ...screenFacts(plan), models, conversation: opening, display });
  shown = run;
  const guard = guardChat(run, opening, models.isOpening);
  if (plan.damage !== undefined) run.notify(plan.damage);
  for (const idle of idleNotes(options, plan.settings)) run.notify(idle);
  if (plan.resumption.kind === "none") void offerUnfinished(plan, run);
  // Said before the guard is closed, which may end the program.
  process.exitCode = await run.exitCode.catch(exitCodeForThrown);
  await guard.close();
}

async function planChat(options: Readonly<Record<string, unknown>>): Promise<ChatPlan> {
  const resumption = resumptionOf(options);
  const paths = programPaths();
  const chosen = await gatherSettings(options, paths);
  const folder = await openFolder(chosen, paths);
  const settings = decodingFor(folder.config, { ...chatDial, ...chosen.decoding });
  const resume = await openEarlier(resumption, folder, transcriptsFolder(paths));
  const save = chosen.screen.save ?? true;
  const damage = resume && damageNote(resume, save);
  const { events } = options;
  return {
    chosen,
    paths,
    folder,
    settings,
    save,
    resumption,
    ...(typeof events === "string" && { events: new EventFile(events) }),
    ...(resume !== undefined && { resume }),
    ...(damage !== undefined && { damage }),
  };
}

async function offerUnfinished({ folder, paths }: ChatPlan, run: ChatRun): Promise<void> {
  try {
    const note = await unfinishedNote(folder, transcriptsFolder(paths));
    if (note !== undefined) run.notify(note);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    run.notify(error.message);
  }
}

async function openChat(plan: ChatPlan, onTrouble: (sentence: string) => void): Promise<Conversation> {
  const { chosen, paths, folder, settings, save, resume, events } = plan;
  const session = await openSession(folder, chosen, paths);
  sayDevice(chosen, session.engine, onTrouble);
  const saving = {
    directory: transcriptsFolder(paths),
    program: { version: programVersion },
    onTrouble,
  };
  const conversation = new Conversation({
    ...session,
    settings,
    ...systemOf(plan),
    ...(save && { save: saving }),
    ...(events !== undefined && { listener: events }),
    ...(resume !== undefined && { resume }),
  });
  events?.attach(() => conversation.tokenizer, onTrouble);
  return conversation;
}

/** Whether it is sure before anything is loaded that the CPU will compute: the banner then says so. */
function onCpu({ engine }: ChosenSettings): boolean {
  return engine.device === "cpu" || (engine.device === "auto" && !hasGpu());
}

/** Where the banner could not say it yet. */
function sayDevice(chosen: ChosenSettings, { info }: Engine, say: (sentence: string) => void): void {
  if (onCpu(chosen)) return;
  const { device, adapter, deviceReason } = info;
  say(
    device === "cpu"
      ? `On the CPU. ${deviceReason}`
      : `On ${adapter?.name ?? "the GPU"} (${device}). ${deviceReason}`,
  );
}

/** An earlier conversation keeps the system prompt that it was held with. */
function systemOf({ chosen, resume }: ChatPlan): { readonly system?: string } {
  const system = resume === undefined ? chosen.system : resume.header?.system;
  return system === undefined ? {} : { system };
}

function screenFacts(plan: ChatPlan) {
  const { chosen, paths, folder, settings, save, resumption } = plan;
  const { name, weights, contextLength } = folder.config;
  const banner = {
    program: `sdar-chat ${programVersion}`,
    model: `${name} ${weights.kind}`,
    ...(onCpu(chosen) && { device: "cpu" }),
  };
  return {
    banner: bannerFor(banner, sizeOf(process.stdout).columns),
    settings,
    model: folder.config,
    contextLimit: contextLength,
    ...systemOf(plan),
    transcripts: transcriptsFolder(paths),
    ...editorOf(process.env),
    ...(resumption.kind === "list" && { command: "/resume" }),
    ...(save && { historyFile: path.join(paths.data, "history.jsonl") }),
  };
}

/** As other programs find it: VISUAL before EDITOR. */
function editorOf({ VISUAL, EDITOR }: NodeJS.ProcessEnv): { readonly editor?: string } {
  const editor = VISUAL || EDITOR;
  return editor === undefined || editor === "" ? {} : { editor };
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
