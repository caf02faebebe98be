import type { ModelConfig } from "../../model/index.ts";
import { GraphBuilder, type ElementType, type ExternalData, type Value } from "../onnx/graph-builder.ts";
import { WeightPlan, type StoredWeight, type WeightKind } from "../weights/plan.ts";

export const weightFileName = "model.onnx.data";

export type Architecture = ModelConfig["architecture"];

/** What every part of the graph is built with. */
export interface GraphContext {
  readonly graph: GraphBuilder;
  readonly plan: WeightPlan;
  readonly architecture: Architecture;
  readonly weights: WeightKind;
  /** whose kernels will run the graph */
  readonly device: "cpu" | "webgpu";
}

export function newContext(
  { architecture, weights }: Pick<ModelConfig, "architecture" | "weights">,
  device: GraphContext["device"],
): GraphContext {
  return { graph: new GraphBuilder(), plan: new WeightPlan(), architecture, weights, device };
}

/** The stored numbers (or quantised bytes) as an initializer. */
export function storedData(
  c: GraphContext,
  name: string,
  stored: StoredWeight,
  shape: readonly number[],
): Value {
  const type: ElementType = stored.bits === 32 ? "float32" : "uint8";
  const width = stored.bits === 32 ? stored.columns : stored.blocksPerRow * stored.blockSize;
  const length = (stored.rows * width * stored.bits) / 8;
  return c.graph.external(name, type, shape, data(stored.offset, length));
}

/** The scales of quantised blocks, [rows, blocks of a row]. */
export function storedScales(c: GraphContext, name: string, stored: StoredWeight): Value {
  if (stored.bits === 32) throw new TypeError(`${name} has no scales`);
  const { rows, blocksPerRow, scaleOffset } = stored;
  return c.graph.external(name, "float32", [rows, blocksPerRow], data(scaleOffset, rows * blocksPerRow * 4));
}

/** A checkpoint vector, such as the weight of a norm. */
export function vector(c: GraphContext, name: string, size: number): Value {
  return storedData(c, name, c.plan.vector(name, size), [size]);
}

function data(offset: number, length: number): ExternalData {
  return { file: weightFileName, offset, length };
}
