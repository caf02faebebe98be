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
  const name = "node-llama-cpp"; // a variable, for a compiler would look for the package
  for (const place of [import.meta.url, pathToFileURL(path.resolve("here.js")).href]) {
    const found = resolved(name, place);
    if (found === undefined) continue;
    try {
      const module: LlamaModule = await import(found);
      return module;
    } catch (error) {
      throw new UserError("usage", `node-llama-cpp is there but cannot be loaded: ${messageOf(error)}.`);
    }
  }
  throw new UserError(
    "usage",
    "--peer llama.cpp needs node-llama-cpp, which is not installed: npm install node-llama-cpp, here or beside sdar-chat.",
  );
}

function resolved(name: string, from: string): string | undefined {
  try {
    // its package.json and not its entry, for that can only be imported
    const folder = path.dirname(createRequire(from).resolve(`${name}/package.json`));
    return pathToFileURL(path.join(folder, "dist", "index.js")).href;
  } catch {
    return undefined;
  }
}
