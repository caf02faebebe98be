import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf, UserError } from "../../errors.ts";

/** What of node-llama-cpp (version 3) is used; it is no dependency, so its own types are not there. */
export interface LlamaModule {
  getLlama(options: {
    gpu: false;
    build: "never";
    skipDownload: true;
    maxThreads: number;
    logLevel: "error";
  }): Promise<Llama>;
}

export interface Llama {
  loadModel(options: { modelPath: string; gpuLayers: 0 }): Promise<LlamaModel>;
  dispose(): Promise<void>;
}

export interface LlamaModel {
  createContext(options: {
    contextSize: number;
    threads: { ideal: number; min: number };
  }): Promise<LlamaContext>;
}

export interface LlamaContext {
  getSequence(): LlamaSequence;
}

export interface LlamaSequence {
  evaluate(
    tokens: number[],
    options: { temperature: number; yieldEogToken: true },
  ): AsyncGenerator<number, void, void>;
  clearHistory(): Promise<void>;
}

/**
 * Finds node-llama-cpp beside sdar-chat or in the present folder.
 * @throws UserError usage: it is not installed, and how to install it
 */
export async function loadLlama(): Promise<LlamaModule> {
  const here = pathToFileURL(path.resolve("here.js")).href;
  const entry = [import.meta.url, here].flatMap(entriesFrom).find((file) => existsSync(file));
  if (entry === undefined) {
    throw new UserError(
      "usage",
      "--peer llama.cpp needs node-llama-cpp, which is not installed: npm install node-llama-cpp, here or beside sdar-chat.",
    );
  }
  try {
    const module: LlamaModule = await import(pathToFileURL(entry).href);
    return module;
  } catch (error) {
    throw new UserError("usage", `node-llama-cpp is there but cannot be loaded: ${messageOf(error)}.`);
  }
}

/** Where a file would find the package; its exports let nobody ask for it but an import written out. */
function entriesFrom(file: string): string[] {
  const name = "node-llama-cpp";
  const folders = createRequire(file).resolve.paths(name) ?? [];
  return folders.map((folder) => path.join(folder, name, "dist", "index.js"));
}
