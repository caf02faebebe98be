import path from "node:path";
import { fileURLToPath } from "node:url";
import envPaths from "env-paths";
import type { ModelPlaces } from "../model/index.ts";

export interface ConfigFile {
  /** SDAR_CHAT_CONFIG, or config.json in the system's folder; "": none shall be read */
  readonly path: string;
  /** it was named, so it must be there */
  readonly isNamed: boolean;
}

/** Where the program keeps what: the folders of the system's own convention (XDG on Linux). */
export interface ProgramPaths {
  readonly configFile: ConfigFile;
  /** conversations, the history of the prompt and models that are called by name */
  readonly data: string;
  /** what can be made again: which model files were found whole */
  readonly cache: string;
}

export function programPaths(): ProgramPaths {
  const folders = envPaths("sdar-chat", { suffix: "" });
  const usual = path.join(folders.config, "config.json");
  const named = process.env["SDAR_CHAT_CONFIG"];
  return {
    configFile:
      named === undefined ? { path: usual, isNamed: false } : { path: named, isNamed: named !== "" },
    data: folders.data,
    cache: folders.cache,
  };
}

/** Where models are found by name. */
export function modelPlaces(paths: ProgramPaths): ModelPlaces {
  return { models: path.join(paths.data, "models"), embedded: embeddedModel };
}

/** The model that comes with the program; the same two levels up from src/cli and from dist/cli. */
const embeddedModel = fileURLToPath(new URL("../../assets/embedded", import.meta.url));
