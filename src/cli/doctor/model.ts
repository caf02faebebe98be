import { createRequire } from "node:module";
import { stat } from "node:fs/promises";
import path from "node:path";
import {
  defaultSettings,
  openEngineProcess,
  type Engine,
  type EngineEvent,
  type EngineOptions,
} from "../../engine/index.ts";
import {
  findModelFolder,
  loadModelFolder,
  verifyChecksums,
  type ModelFolder,
  type ModelPlaces,
} from "../../model/index.ts";
import { messageOf, UserError } from "../../errors.ts";
import { ok, problem, warning, type Check } from "./check.ts";
import { checkGpu } from "./gpu.ts";
import { sizeText } from "../../size-text.ts";
import { freeMemory } from "./machine.ts";

/** Node, its libraries, the graph's working memory: what a small model was seen to take besides weights and cache. */
const programBytes = 430e6;

/** The checks that need the model's folder; the later ones are left out where an earlier one is a problem. */
export async function checkModel(
  wanted: string | undefined,
  places: ModelPlaces,
  engine: EngineOptions,
  gpu: true | undefined,
): Promise<Check[]> {
  let folder: ModelFolder;
  try {
    folder = await loadModelFolder(await findModelFolder(wanted, places));
  } catch (error) {
    return [failed("model", error)];
  }
  const { name, weights, contextLength } = folder.config;
  const found = ok("model", `${name} (${weights.kind}, context ${contextLength} tokens) in ${folder.path}`);
  const whole = await checkFiles(folder);
  const memory = await checkMemory(folder);
  const loads = whole.state === "ok" ? [await checkEngine(folder, engine)] : [];
  const device = gpu && whole.state === "ok" ? await checkGpu(folder, engine) : [];
  return [found, whole, memory, ...loads, ...device];
}

async function checkFiles(folder: ModelFolder): Promise<Check> {
  try {
    const { read } = await verifyChecksums(folder, { force: true });
    return ok("checksums", `${read.length} files are whole`);
  } catch (error) {
    return failed("checksums", error);
  }
}

async function checkMemory({ path: folder, config }: ModelFolder): Promise<Check> {
  const { size } = await stat(path.join(folder, "model.onnx.data"));
  const { layers, kvHeads, headDim } = config.architecture;
  const cache = 2 * layers * kvHeads * headDim * 4 * config.contextLength;
  const needed = size + cache + programBytes;
  const { free, text: has } = freeMemory();
  const text = `${has}; a full context needs ${sizeText(needed)} (weights ${sizeText(size)}, cache ${sizeText(cache)})`;
  if (needed <= free) return ok("memory", text);
  if (size + programBytes <= free)
    return warning("memory", text, "Long conversations may not fit: close other programs.");
  return warning("memory", text, "Close other programs, or convert the model again with --weights q4.");
}

/** Starts the engine as a chat does and asks it for one token. */
async function checkEngine(folder: ModelFolder, options: EngineOptions): Promise<Check> {
  try {
    const engine = await openEngineProcess(folder.path, options);
    const { device, adapter, deviceReason, threads, loadMilliseconds } = engine.info;
    const token = await closeAfterToken(engine);
    const times = `loaded in ${loadMilliseconds.toFixed(0)} ms, one token in ${token.toFixed(0)} ms`;
    const who = device === "cpu" ? `${threads} threads` : (adapter?.name ?? "a GPU");
    return ok("engine", `${device} (ONNX Runtime ${runtimeVersion()}), ${who}; ${times}. ${deviceReason}`);
  } catch (error) {
    return failed("engine", error);
  }
}

/** @returns milliseconds */
async function closeAfterToken(engine: Engine): Promise<number> {
  const { blockLength, stopTokenIds } = engine.info.model;
  const settings = { ...defaultSettings(blockLength), maxTokens: 1 };
  const started = performance.now();
  try {
    let last: EngineEvent | undefined;
    for await (const event of engine.generate({ promptIds: stopTokenIds.slice(0, 1), settings }))
      last = event;
    if (last?.type !== "finished") throw new Error("the engine ended without its last word");
    return performance.now() - started;
  } finally {
    await engine.close();
  }
}

/** Of the installed package, not loaded here: the engine's process does that. */
function runtimeVersion(): string {
  const content: unknown = createRequire(import.meta.url)("onnxruntime-node/package.json");
  const hasVersion = typeof content === "object" && content !== null && "version" in content;
  return hasVersion ? String(content.version) : "of unknown version";
}

function failed(name: string, error: unknown): Check {
  if (error instanceof UserError) return problem(name, error.message);
  return problem(name, messageOf(error), "This should not happen: please report it.");
}
