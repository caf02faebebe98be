import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { messageOf, UserError } from "../errors.ts";
import { parseChecksums } from "./checksums.ts";
import { modelConfigSchema, type ModelConfig } from "./config.ts";

/** A model folder whose configuration was read and whose files are all there. */
export interface ModelFolder {
  /** absolute */
  readonly path: string;
  readonly config: ModelConfig;
  /** sha256 of every other file, by name, as SHA256SUMS says */
  readonly checksums: ReadonlyMap<string, string>;
  /** sha256 of the weights: what a transcript knows the model by */
  readonly weightsHash: string;
}

const weightsFile = "model.onnx.data";
/** of a model that chains its guesses */
const chainFile = "chain.onnx";
const neededFiles = [
  "config.json",
  "model.onnx",
  weightsFile,
  "tokenizer.json",
  "tokenizer_config.json",
  "SHA256SUMS",
];

/**
 * Reads what a model folder says of itself; the weights are only looked for, not read.
 * @throws UserError model-missing: nothing is there; model-invalid: what is there is no whole model folder
 */
export async function loadModelFolder(folder: string): Promise<ModelFolder> {
  const absolute = path.resolve(folder);
  const files = await filesOf(absolute);
  if (!files.includes("config.json")) throw notAModel(absolute, files);
  const config = parseConfig(await readText(absolute, "config.json"), absolute);
  const needed = config.architecture.chainWidth === undefined ? neededFiles : [...neededFiles, chainFile];
  const missing = needed.find((name) => !files.includes(name));
  if (missing !== undefined) throw incomplete(absolute, `${missing} is missing`);
  const checksums = parseChecksums(await readText(absolute, "SHA256SUMS"));
  const weightsHash = checksums.get(weightsFile);
  if (weightsHash === undefined) throw incomplete(absolute, `SHA256SUMS does not name ${weightsFile}`);
  return { path: absolute, config, checksums, weightsHash };
}

async function filesOf(folder: string): Promise<string[]> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) {
    throw new UserError(
      "model-missing",
      `There is no model folder at ${folder}. Make one with: sdar-chat convert CHECKPOINT ${folder}`,
    );
  }
  if (!found.isDirectory()) {
    throw new UserError(
      "model-invalid",
      `${folder} is a file; a model is a folder that sdar-chat convert made.`,
    );
  }
  try {
    return await readdir(folder);
  } catch (error) {
    throw unreadable(folder, error);
  }
}

async function readText(folder: string, name: string): Promise<string> {
  try {
    return await readFile(path.join(folder, name), "utf8");
  } catch (error) {
    throw unreadable(path.join(folder, name), error);
  }
}

const unreadable = (file: string, error: unknown) =>
  new UserError(
    "file",
    `${file} could not be read: ${messageOf(error)}. Make it readable, or name another model.`,
    { cause: error },
  );

/** The configuration in `text`, or why it is none. A checkpoint has a config.json too, with other fields. */
function parseConfig(text: string, folder: string): ModelConfig {
  const value = parseJson(text);
  if (value === undefined) throw incomplete(folder, "config.json is not JSON");
  const marks = z
    .looseObject({ format: z.string().optional(), version: z.number().optional() })
    .safeParse(value);
  if (marks.success && "model_type" in marks.data) throw checkpoint(folder);
  if (marks.success && marks.data.format === "sdar-chat-model" && (marks.data.version ?? 0) > 1) {
    throw new UserError(
      "model-invalid",
      `${folder} was made by a newer sdar-chat (model folder version ${marks.data.version}; this one reads 1): update sdar-chat.`,
    );
  }
  const parsed = modelConfigSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw incomplete(folder, `config.json: ${issue?.path.join(".")}: ${issue?.message}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notAModel(folder: string, files: readonly string[]): UserError {
  if (files.some((name) => name.endsWith(".safetensors"))) return checkpoint(folder);
  return new UserError(
    "model-invalid",
    `${folder} is no model folder: it has no config.json. Make one with: sdar-chat convert CHECKPOINT FOLDER`,
  );
}

const checkpoint = (folder: string) =>
  new UserError(
    "model-invalid",
    `${folder} is a checkpoint, not a model folder. Convert it first: sdar-chat convert ${folder} ${folder}-onnx`,
  );

const incomplete = (folder: string, what: string) =>
  new UserError(
    "model-invalid",
    `The model folder ${folder} cannot be used: ${what}. Convert the model again.`,
  );
