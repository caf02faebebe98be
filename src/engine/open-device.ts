import { access } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { ModelFolder } from "../model/index.ts";
import type { EngineOptions } from "./engine.ts";
import type { Graph } from "./graph.ts";
import { openGraph } from "./onnx-graph.ts";
import { deviceFiles, openWebGpuGraph, provenRows } from "./webgpu-graph.ts";

type Folder = Pick<ModelFolder, "path" | "config">;

/**
 * Loads a model for the device that is wanted.
 * @throws UserError model-invalid, engine
 */
export async function openDevice(folder: Folder, options: EngineOptions): Promise<Graph> {
  if (options.device !== "webgpu") return await openGraph(folder, options);
  const missing = await missingDeviceFile(folder);
  if (missing === undefined) return await openWebGpuGraph(folder, provenRows);
  throw new UserError(
    "model-invalid",
    `${folder.path} has no ${missing}: it was converted before sdar-chat knew WebGPU. Convert the checkpoint again, or run with --device cpu.`,
  );
}

async function missingDeviceFile({ path }: Folder): Promise<string | undefined> {
  for (const name of deviceFiles) {
    const there = await access(join(path, name)).then(
      () => true,
      () => false,
    );
    if (!there) return name;
  }
  return undefined;
}
