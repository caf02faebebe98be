import type { ModelConfig } from "../../model/index.ts";
import type { WeightPlan } from "../weights/plan.ts";
import { buildChain } from "./chain.ts";
import { buildModel } from "./transformer.ts";
import { buildCacheGraph } from "./webgpu/cache.ts";
import { buildDeviceModel } from "./webgpu/model.ts";

/** All graphs of a model folder, and where the weights that they share will lie. */
export interface PlannedGraphs {
  /** bytes by file name */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly plan: WeightPlan;
}

/**
 * The graphs follow from the configuration alone: that of the CPU, that of WebGPU, how the latter's cache grows, and what chains
 * guesses where the model does.
 */
export function buildGraphs(config: ModelConfig): PlannedGraphs {
  const { graph, plan, chain } = buildModel(config);
  const files = {
    "model.onnx": graph,
    "model.webgpu.onnx": buildDeviceModel(config, "float32"),
    "model.webgpu-f16.onnx": buildDeviceModel(config, "float16"),
    "cache.webgpu.onnx": buildCacheGraph(),
    ...(chain && { "chain.onnx": buildChain(config, chain) }),
  };
  return { files, plan };
}
