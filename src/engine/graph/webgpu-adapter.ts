import { existsSync } from "node:fs";
import { join } from "node:path";
import { env, InferenceSession } from "onnxruntime-node";
import type { ModelFolder } from "../../model/index.ts";
import { adapterInUse, type Adapter } from "../device/adapters.ts";
import { loadError } from "./graph-errors.ts";
import { DeviceCache, type DeviceFloats, type GrowingSession } from "./webgpu-cache.ts";
import { keysOf } from "./webgpu-feeds.ts";
import { WebGpuGraph } from "./webgpu-graph.ts";

export const runtimeVersion = `ONNX Runtime ${env.versions.node ?? env.versions.common}`;

const cacheFile = "cache.webgpu.onnx";

/** The graphs of a model folder for WebGPU, by the numbers in which their layers compute. */
const graphFiles: Readonly<Record<DeviceFloats, string>> = {
  float16: "model.webgpu-f16.onnx",
  float32: "model.webgpu.onnx",
};

/** Files of a model folder that only such a graph needs. */
export function deviceFilesOf(floats: DeviceFloats): readonly string[] {
  return [graphFiles[floats], cacheFile];
}

/** The file without which a model folder can't run on a GPU at all, if it lacks one. */
export function missingFile({ path }: Pick<ModelFolder, "path">): string | undefined {
  return deviceFilesOf("float32").find((file) => !existsSync(join(path, file)));
}

/** The numbers that a model folder has graphs for. */
export function floatsOf({ path }: Pick<ModelFolder, "path">): DeviceFloats[] {
  return existsSync(join(path, graphFiles.float16)) ? ["float16", "float32"] : ["float32"];
}

/**
 * From 32 rows on ONNX Runtime takes another kernel for attention, which is wrong on SwiftShader and
 * on llvmpipe. A device may have more once it has shown that it computes them right.
 */
export const provenRows = 31;

/** A GPU, and what it takes to have the model on it. */
export interface OpenedAdapter {
  readonly adapter: Adapter;
  /** Loads the model's graph, which is closed by itself. @throws UserError model-invalid, engine (not enough memory) */
  readonly load: (floats: DeviceFloats) => Promise<WebGpuGraph>;
  /** What was loaded stays. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the machine's GPU with nothing but the small graph that makes room in its cache: which GPU it is shows only then.
 * @param rows of a pass at most
 * @throws UserError engine (no adapter)
 */
export async function openAdapter(
  { path, config }: Pick<ModelFolder, "path" | "config">,
  rows: number,
): Promise<OpenedAdapter> {
  const grow = shared(await create(join(path, cacheFile), { preferredOutputLocation: "gpu-buffer" }));
  const own = grow();
  return {
    adapter: adapterInUse(),
    load: async (floats) => {
      const session = await create(join(path, graphFiles[floats]), {});
      const limit = keysOf(rows, config.contextLength);
      const cache = new DeviceCache(grow(), config.architecture, floats, limit);
      return new WebGpuGraph(session, cache, config, rows);
    },
    close: async () => await own.release(),
  };
}

/** One session for several users: it is released when the last of them has. */
function shared(session: InferenceSession): () => GrowingSession {
  let users = 0;
  return () => {
    users++;
    return {
      run: async (feeds) => await session.run(feeds),
      release: async () => {
        users--;
        if (users === 0) await session.release();
      },
    };
  };
}

async function create(file: string, more: InferenceSession.SessionOptions): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(file, { ...sessionOptions, ...more });
  } catch (error) {
    throw loadError(file, error);
  }
}

/** A node without a kernel for the device would run on the CPU and say nothing: loading such a graph fails instead. */
const sessionOptions: InferenceSession.SessionOptions = {
  executionProviders: ["webgpu"],
  enableMemPattern: false,
  logSeverityLevel: 4, // errors come as exceptions
  extra: { session: { disable_cpu_ep_fallback: "1" } },
};
