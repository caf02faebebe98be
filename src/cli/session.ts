import path from "node:path";
import { openEngineProcess, type DecodingSettings, type Engine } from "../engine/index.ts";
import {
  findModelFolder,
  loadModelFolder,
  openTokenizer,
  verifyChecksums,
  type ModelFolder,
  type Tokenizer,
} from "../model/index.ts";
import { modelPlaces, type ProgramPaths } from "./paths.ts";
import { decodingFor, type ChosenSettings } from "./settings.ts";

/** A model that is ready to answer. */
export interface Session {
  readonly folder: ModelFolder;
  readonly tokenizer: Tokenizer;
  readonly engine: Engine;
  readonly settings: DecodingSettings;
}

/**
 * The chosen model's folder, found whole.
 * @throws UserError model-missing, model-invalid
 */
export async function openFolder({ model }: ChosenSettings, paths: ProgramPaths): Promise<ModelFolder> {
  const folder = await loadModelFolder(await findModelFolder(model, modelPlaces(paths)));
  await verifyChecksums(folder, { memory: path.join(paths.cache, "checksums.json") });
  return folder;
}

/** Loads the model in the engine's process, and its tokenizer meanwhile in this one. */
export async function openSession(chosen: ChosenSettings, paths: ProgramPaths): Promise<Session> {
  const folder = await openFolder(chosen, paths);
  const settings = decodingFor(folder.config, chosen.decoding);
  const opening = openEngineProcess(folder.path, chosen.engine);
  try {
    const tokenizer = await openTokenizer(folder);
    return { folder, tokenizer, engine: await opening, settings };
  } catch (error) {
    await opening.then((engine) => engine.close()).catch(() => {}); // the first error is the one to tell
    throw error;
  }
}
