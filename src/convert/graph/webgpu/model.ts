import type { ModelConfig } from "../../../model/index.ts";
import type { Value } from "../../onnx/graph-builder.ts";
import type { KeysValues } from "../attention.ts";
import { asComputed, exactly, newContext, type Floats, type GraphContext } from "../context.ts";
import { embeddings, fedRows, planEmbedding } from "../embedding.ts";
import { planHead } from "../head.ts";
import { layers } from "../layers.ts";
import { neuronsOfRows } from "../mask-neurons.ts";
import { deviceAttention, type DevicePass } from "./attention.ts";
import { deviceHead, widthOfReadings } from "./head.ts";

/**
 * The graph of one pass for WebGPU: n rows on top of a cache that stays on the device. It plans the tensors that the
 * graph for the CPU plans, in the same order, and so reads the same weight file; docs/architecture.md lists its inputs
 * and outputs.
 */
export function buildDeviceModel(config: ModelConfig, floats: Floats): Uint8Array {
  const c = newContext(config, "webgpu", floats);
  const exact = exactly(c);
  const { graph } = c;
  const inputs = declareInputs(c);
  const table = planEmbedding(c);
  const fed = fedRows(c, config, inputs.ids);
  const x = graph.within("embedding", () => embeddings(exact, config, table, fed));
  const { pass, last } = graph.within("pass", () => passInputs(c, inputs));
  const neurons = graph.within("pass", () => neuronsOfRows(c, config, fed));
  const caches = declareCaches(c);
  const normalised = layers(c, { x, asked: inputs.headRows, neurons }, (index, prefix, rows) => {
    const { cache, updated } = caches[index] ?? noCache;
    return deviceAttention(c, prefix, rows, cache, updated, index === caches.length - 1 ? last : pass);
  });
  graph.within("head", () =>
    deviceHead(exact, planHead(c, table), normalised, inputs.inverseTemperature, config.topTokens),
  );
  graph.output("readings", "float32", ["m", widthOfReadings(config)]);
  graph.output("logits", "float32", ["m", config.architecture.vocabSize]);
  return graph.encode(config.name);
}

type Inputs = ReturnType<typeof declareInputs>;

function declareInputs(c: GraphContext) {
  const { graph, architecture } = c;
  const half = architecture.headDim / 2;
  return {
    ids: graph.input("input_ids", "int32", ["n"]),
    // Angles come from outside: WGSL promises sines to 2^-11, and only between -pi and pi.
    cos: graph.input("cos", "float32", ["n", half]),
    sin: graph.input("sin", "float32", ["n", half]),
    bias: graph.input("mask", "float32", [1, 1, "n", "t"]),
    places: graph.input("places", "int32", ["n * kvHeads", 1]),
    lastKey: graph.input("last_key", "int32", [1]),
    keyCount: graph.input("key_count", "int32", [1]),
    headRows: graph.input("head_rows", "int32", ["m"]),
    inverseTemperature: graph.input("inverse_temperature", "float32", [1]),
  };
}

interface LayerCache {
  readonly cache: KeysValues;
  /** the same buffer, written */
  readonly updated: KeysValues;
}

const nothing: KeysValues = { keys: "", values: "" };
const noCache: LayerCache = { cache: nothing, updated: nothing };

/** A matrix a layer, [kvHeads * capacity, headDim]; who runs the graph binds each output to the buffer of its input. */
function declareCaches(c: GraphContext): LayerCache[] {
  const { graph, architecture } = c;
  const shape = ["kvHeads * capacity", architecture.headDim];
  const declare = (part: string, layer: number) => {
    const updated = `${part}.${layer}`;
    graph.output(updated, c.floats, shape);
    return { before: graph.input(`past_${updated}`, c.floats, shape), updated };
  };
  return Array.from({ length: architecture.layers }, (_, layer) => {
    const [keys, values] = [declare("key", layer), declare("value", layer)];
    return {
      cache: { keys: keys.before, values: values.before },
      updated: { keys: keys.updated, values: values.updated },
    };
  });
}

function passInputs(c: GraphContext, inputs: Inputs): { pass: DevicePass; last: DevicePass } {
  const { graph, architecture } = c;
  const { lastKey, keyCount, headRows: asked } = inputs;
  const cos = asComputed(c, inputs.cos);
  const sin = asComputed(c, inputs.sin);
  const bias = asComputed(c, inputs.bias);
  const width: Value = graph.constant("int64", [2], [1, architecture.headDim]);
  const places = graph.node("Expand", [inputs.places, width]);
  const pass = { cos, sin, bias, places, lastKey, keyCount };
  return { pass, last: { ...pass, asked, bias: graph.node("Gather", [bias, asked], { axis: 2 }) } };
}
