import path from "node:path";
import { openEngineProcess, type Engine, type EngineOptions } from "../engine/index.ts";
import {
  findModelFolder,
  loadModelFolder,
  openTokenizer,
  verifyChecksums,
  type ModelFolder,
  type Tokenizer,
} from "../model/index.ts";
import { modelPlaces, type ProgramPaths } from "./paths.ts";
import type { ChosenSettings } from "./settings.ts";

/** A model that is ready to answer. */
export interface Session {
  readonly folder: ModelFolder;
  readonly tokenizer: Tokenizer;
  readonly engine: Engine;
}

/** @throws UserError model-missing, model-invalid */
export async function openFolder({ model }: ChosenSettings, paths: ProgramPaths): Promise<ModelFolder> {
  return await loadModelFolder(await findModelFolder(model, modelPlaces(paths)));
}

/** Options of the engine, and where it remembers how this machine's GPU did in its check. */
export function engineOptions(
  { engine }: Pick<ChosenSettings, "engine">,
  { cache }: ProgramPaths,
): EngineOptions {
  return { ...engine, deviceMemory: path.join(cache, "devices.json") };
}

/** What a person must be told who asked for a GPU and does not get it; undefined: nothing. */
export function deviceNote({ engine }: ChosenSettings, { info }: Engine): string | undefined {
  return engine.device === "webgpu" && info.device === "cpu" ? info.deviceReason : undefined;
}

/**
 * Loads the model in the engine's process and its tokenizer meanwhile in this one, once its files are known to be
 * whole: they are read again only if one has changed.
 * @throws UserError model-invalid, engine
 */
export async function openSession(
  folder: ModelFolder,
  chosen: ChosenSettings,
  paths: ProgramPaths,
): Promise<Session> {
  await verifyChecksums(folder, { memory: path.join(paths.cache, "checksums.json") });
  const opening = openEngineProcess(folder.path, engineOptions(chosen, paths));
  try {
    const [tokenizer, engine] = await Promise.all([openTokenizer(folder), opening]);
    return { folder, tokenizer, engine };
  } catch (error) {
    await opening.then((engine) => engine.close()).catch(() => {}); // the first error is the one to tell
    throw error;
  }
}
