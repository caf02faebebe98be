import { access, constants, readFile } from "node:fs/promises";
import { builtInPrompts, parsePrompts, type BenchPrompt, type Grid } from "../../bench/index.ts";
import {
  decodingKnobs,
  knobFromText,
  strategies,
  type DecodingSettings,
  type EngineOptions,
} from "../../engine/index.ts";
import { messageOf, UserError } from "../../errors.ts";
import type { ModelConfig, ModelFolder } from "../../model/index.ts";
import type { BenchOptions } from "../bench.ts";
import { loadLlama } from "./llama.ts";
import { programPaths } from "../paths.ts";
import { engineOptions, openFolder } from "../session.ts";
import { decodingFor } from "../settings.ts";
import { gatherSettings } from "../sources.ts";

/** Everything that a run needs, decided before it starts. */
export interface BenchPlan {
  readonly folder: ModelFolder;
  readonly engine: EngineOptions;
  /** what all contenders share */
  readonly settings: DecodingSettings;
  readonly prompts: readonly BenchPrompt[];
  readonly grid: Grid;
  readonly rounds: number;
  readonly questions: number;
  /** cached tokens, ascending, at which passes are timed */
  readonly lengths: readonly number[];
  /** whether the starts of the program are timed too */
  readonly starts: boolean;
  /** of the device's memory as its maker says, bytes a millisecond */
  readonly bandwidth?: number;
  /** GGUF file of the peer */
  readonly peerModel?: string;
}

/** Long enough for a rate, short enough for a run of a few minutes. */
const replyTokens = 64;

/** @throws UserError usage, file, model-missing, model-invalid */
export async function planBench(options: BenchOptions): Promise<BenchPlan> {
  const paths = programPaths();
  const { quick = false } = options;
  const peerModel = await peerOf(options);
  const prompts = options.prompts === undefined ? undefined : await readPrompts(options.prompts);
  const chosen = await gatherSettings(options, paths);
  const folder = await openFolder(chosen, paths);
  const { config } = folder;
  const settings = decodingFor(config, chosen.decoding);
  return {
    folder,
    engine: engineOptions(chosen, paths),
    settings: { ...settings, maxTokens: chosen.decoding.maxTokens ?? replyTokens },
    prompts: prompts ?? builtInPrompts.filter((_, index) => !quick || index % 2 === 0),
    grid: gridOf(options, settings.blockLength, config, quick),
    rounds: options.rounds ?? (quick ? 1 : 3),
    questions: options.questions ?? (quick ? 12 : 24),
    lengths: [256, 1024, ...(quick ? [] : [2048, 4096])].filter(
      (length) => length + 8 <= config.contextLength,
    ),
    starts: !quick,
    ...(options.bandwidth !== undefined && { bandwidth: options.bandwidth * 1e6 }),
    ...(peerModel !== undefined && { peerModel }),
  };
}

function gridOf(
  { strategies: names, blockLengths, thresholds }: BenchOptions,
  own: number,
  config: ModelConfig,
  quick: boolean,
): Grid {
  const trained = config.trainedBlockLengths.filter((length) => length > 1);
  const usualLengths = quick || trained.length === 0 ? [own] : trained;
  const usualThresholds = quick ? [0.9] : [0.95, 0.9, 0.7];
  return {
    strategies: listOf(names, "--strategies", "strategy", isStrategy) ?? strategies,
    blockLengths: listOf(blockLengths, "--block-lengths", "blockLength", isNumber) ?? usualLengths,
    thresholds: listOf(thresholds, "--thresholds", "threshold", isNumber) ?? usualThresholds,
  };
}

/** "a,b" as values of a knob, if there is a text. @throws UserError usage */
function listOf<T>(
  text: string | undefined,
  flag: string,
  key: keyof DecodingSettings,
  is: (value: unknown) => value is T,
): T[] | undefined {
  const knob = decodingKnobs.find((each) => each.key === key);
  if (knob === undefined) throw new Error(`there is no knob ${key}`);
  return text
    ?.split(",")
    .map((part) => knobFromText(knob, part, flag))
    .filter((value) => is(value));
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isStrategy(value: unknown): value is (typeof strategies)[number] {
  return strategies.some((strategy) => strategy === value);
}

async function readPrompts(file: string): Promise<BenchPrompt[]> {
  try {
    return parsePrompts(await readFile(file, "utf8"), file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError("file", `${file} cannot be read: ${messageOf(error)}.`);
  }
}

/** Looks for the peer and its model now, for a run is long. @throws UserError usage, file */
async function peerOf({ peer, peerModel }: BenchOptions): Promise<string | undefined> {
  if (peer === undefined && peerModel !== undefined)
    throw new UserError("usage", "--peer-model goes with --peer llama.cpp.");
  if (peer === undefined) return undefined;
  if (peer !== "llama.cpp") throw new UserError("usage", `--peer must be llama.cpp, not "${peer}".`);
  if (peerModel === undefined)
    throw new UserError(
      "usage",
      "--peer llama.cpp needs the same base model as GGUF: add --peer-model FILE.",
    );
  await requireReadable(peerModel);
  await loadLlama();
  return peerModel;
}

async function requireReadable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    throw new UserError(
      "file",
      `${file} cannot be read: ${messageOf(error)}. Name the peer's GGUF file with --peer-model.`,
    );
  }
}
