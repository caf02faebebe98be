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
  /** the numbers that layers compute in */
  readonly floats: Floats;
}

export type Floats = "float32" | "float16";

export function newContext(
  { architecture, weights }: Pick<ModelConfig, "architecture" | "weights">,
  device: GraphContext["device"],
  floats: Floats = "float32",
): GraphContext {
  return { graph: new GraphBuilder(), plan: new WeightPlan(), architecture, weights, device, floats };
}

/** The same graph where it computes in 32 bits in any case. */
export function exactly(c: GraphContext): GraphContext {
  return { ...c, floats: "float32" };
}

/** 32-bit numbers as the graph computes with them. */
export function asComputed(c: GraphContext, exact: Value): Value {
  return c.floats === "float32" ? exact : c.graph.cast(exact, c.floats);
}

/** And back. */
export function asFloat32(c: GraphContext, computed: Value): Value {
  return c.floats === "float32" ? computed : c.graph.cast(computed, "float32");
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
  const value = c.graph.external(name, type, shape, data(stored.offset, length));
  return type === "float32" ? asComputed(c, value) : value;
}

/** The scales of quantised blocks, [rows, blocks of a row]. */
export function storedScales(c: GraphContext, name: string, stored: StoredWeight): Value {
  if (stored.bits === 32) throw new TypeError(`${name} has no scales`);
  const { rows, blocksPerRow, scaleOffset } = stored;
  const place = data(scaleOffset, rows * blocksPerRow * 4);
  return asComputed(c, c.graph.external(name, "float32", [rows, blocksPerRow], place));
}

/** A checkpoint vector, such as the weight of a norm. */
export function vector(c: GraphContext, name: string, size: number): Value {
  return storedData(c, name, c.plan.vector(name, size), [size]);
}

function data(offset: number, length: number): ExternalData {
  return { file: weightFileName, offset, length };
}
