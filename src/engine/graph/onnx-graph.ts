import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { UserError } from "../../errors.ts";
import type { ModelFolder } from "../../model/index.ts";
import { KvCache } from "./cache.ts";
import type { EngineOptions } from "../engine.ts";
import type { Graph, PassResult } from "./graph.ts";
import { loadError, runError } from "./graph-errors.ts";
import { threadsPerCore } from "../device/hardware.ts";
import { seen, unseen, type Rows } from "../rows/rows.ts";

const cacheOutputs = ["new_keys", "new_values"];
const readingOutputs = ["top_values", "top_indices", "log_sum_exp", "entropy"];

/**
 * Loads the graph of a model folder for the CPU.
 * @throws UserError model-invalid, engine (not enough memory)
 */
export async function openGraph(folder: Opened, options: EngineOptions): Promise<Graph> {
  return await opened(folder, options, (file, usual) => InferenceSession.create(file, usual));
}

/**
 * The same numbers without the rounding of activations to 8 bits, many times slower: what a device's are compared with.
 * @throws UserError model-invalid, engine
 */
export async function openReferenceGraph(folder: Opened, options: EngineOptions): Promise<Graph> {
  return await opened(folder, options, async (file, { extra, ...usual }) => {
    const graph = withFloatActivations(await readFile(file));
    const session = { ...extra.session, model_external_initializers_file_folder_path: folder.path };
    return await InferenceSession.create(graph, { ...usual, extra: { session } });
  });
}

type Opened = Pick<ModelFolder, "path" | "config">;

async function opened(
  { path, config }: Opened,
  options: EngineOptions,
  load: (file: string, usual: ReturnType<typeof sessionOptions>) => Promise<InferenceSession>,
): Promise<Graph> {
  const threads = threadsOf(options);
  const file = join(path, "model.onnx");
  try {
    const session = await load(file, sessionOptions(threads));
    return new OnnxGraph(session, config.architecture, config.contextLength, threads);
  } catch (error) {
    throw loadError(file, error);
  }
}

/** The attribute accuracy_level = 4 as ONNX files hold it: its name, field 3 (the number) and the number. */
const rounding = Buffer.concat([Buffer.of(0x0a, 14), Buffer.from("accuracy_level"), Buffer.of(0x18, 4)]);

/** Sets it to 0 in every node; a graph of 32-bit weights has none. */
function withFloatActivations(graph: Buffer): Uint8Array {
  const changed = Uint8Array.from(graph);
  for (let at = graph.indexOf(rounding); at >= 0; at = graph.indexOf(rounding, at + 1)) {
    changed[at + rounding.length - 1] = 0;
  }
  return changed;
}

function threadsOf({ threads }: EngineOptions): number {
  return threads || Math.max(1, Math.floor(availableParallelism() / threadsPerCore()));
}

/**
 * Measured on two cores: threads that wait for work by spinning 20 us make a pass as fast as ONNX Runtime's longer
 * default (asleep at once, it takes a fifth longer), and leave the cores to others soon. Memory patterns are kept for
 * every new length of the cache, 30 kB each for 30 layers, and gain nothing.
 */
function sessionOptions(threads: number) {
  return {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableMemPattern: false,
    logSeverityLevel: 4, // errors come as exceptions
    extra: { session: { intra_op: { spin_duration_us: "20" } } },
  } satisfies InferenceSession.SessionOptions;
}

interface Sizes {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

class OnnxGraph implements Graph {
  readonly device = "cpu";
  readonly threads: number;
  readonly mostRows = Infinity;
  readonly cacheNumberBytes = Float32Array.BYTES_PER_ELEMENT;
  readonly #session: InferenceSession;
  readonly #carries: boolean;
  readonly #readingOutputs: readonly string[];
  readonly #sizes: Sizes;
  readonly #cache: KvCache;
  /** tensors over the cache's present prefix, made anew only when that changes */
  #past: Record<string, Tensor> = {};
  #pastLength = -1;
  #mask = new Float32Array(0);
  #fresh: { keys: Float32Array; values: Float32Array; rows: number } | undefined;

  constructor(session: InferenceSession, sizes: Sizes, contextLength: number, threads: number) {
    const { layers, kvHeads, headDim } = sizes;
    this.threads = threads;
    this.#session = session;
    this.#carries = session.inputNames.includes("carry");
    this.#readingOutputs = session.outputNames.includes("hidden")
      ? [...readingOutputs, "hidden"]
      : readingOutputs;
    this.#sizes = sizes;
    this.#cache = new KvCache({ layers, width: kvHeads * headDim, limit: contextLength });
  }

  get cached(): number {
    return this.#cache.length;
  }

  async run(rows: Rows, inverseTemperature: number, allLogits: boolean): Promise<PassResult> {
    const fetches = [
      ...(rows.settled > 0 ? cacheOutputs : []),
      ...(rows.slots.length > 0 ? this.#readingOutputs : []),
      ...(allLogits ? ["logits"] : []),
    ];
    this.#fresh = undefined;
    const outputs = await this.#tryRun(this.#feeds(rows, inverseTemperature), fetches);
    if (rows.settled > 0) {
      const [keys, values] = [floats(outputs["new_keys"]), floats(outputs["new_values"])];
      this.#fresh = { keys, values, rows: rows.length };
    }
    return {
      topValues: floats(outputs["top_values"]),
      topIndices: wholes(outputs["top_indices"]),
      logSumExp: floats(outputs["log_sum_exp"]),
      entropy: floats(outputs["entropy"]),
      ...(allLogits ? { logits: floats(outputs["logits"]) } : {}),
      ...(outputs["hidden"] && { hidden: floats(outputs["hidden"]) }),
    };
  }

  keep(count: number): void {
    if (count === 0) return;
    if (this.#fresh === undefined) throw new Error("the last pass has no rows to keep");
    try {
      this.#cache.append(this.#fresh.keys, this.#fresh.values, this.#fresh.rows, count);
    } catch (error) {
      throw runError(error);
    }
  }

  truncate(length: number): void {
    this.#cache.truncate(length);
    this.#fresh = undefined;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  async #tryRun(feeds: Record<string, Tensor>, fetches: string[]) {
    try {
      return await this.#session.run(feeds, fetches);
    } catch (error) {
      throw runError(error);
    }
  }

  #feeds(rows: Rows, inverseTemperature: number): Record<string, Tensor> {
    this.#refreshPast();
    const { length } = rows;
    // A graph can't do without logits: a pass that needs none asks for those of its last row.
    const asked = rows.slots.length > 0 ? rows.asked : BigInt64Array.of(BigInt(length - 1));
    const feeds = this.#past;
    feeds["input_ids"] = new Tensor("int64", rows.ids, [length]);
    feeds["position_ids"] = new Tensor("int64", rows.positions, [length]);
    feeds["mask"] = this.#maskOf(rows);
    feeds["head_rows"] = new Tensor("int64", asked, [asked.length]);
    feeds["inverse_temperature"] = new Tensor("float32", Float32Array.of(inverseTemperature), [1]);
    if (this.#carries) feeds["carry"] = new Tensor("float32", rows.carry, [length]);
    return feeds;
  }

  /** [rows, cached + rows]: every row sees the whole cache, save the token that stands for an empty one. */
  #maskOf({ length, mask }: Rows): Tensor {
    const cached = Math.max(1, this.cached);
    const width = cached + length;
    if (this.#mask.length < length * width) this.#mask = new Float32Array(2 * length * width);
    for (let row = 0; row < length; row++) {
      const start = row * width;
      this.#mask.fill(this.cached > 0 ? seen : unseen, start, start + cached);
      this.#mask.set(mask.subarray(row * length, (row + 1) * length), start + cached);
    }
    return new Tensor("float32", this.#mask.subarray(0, length * width), [length, width]);
  }

  /** An empty cache is one token of zeros: ONNX Runtime's kernels divide by the number of tokens. */
  #refreshPast(): void {
    const length = this.cached;
    if (length === this.#pastLength) return;
    const { layers, kvHeads, headDim } = this.#sizes;
    const shape = [Math.max(1, length), kvHeads, headDim];
    const nothing = new Float32Array(kvHeads * headDim);
    for (let layer = 0; layer < layers; layer++) {
      const [keys, values] =
        length > 0 ? [this.#cache.keys(layer), this.#cache.values(layer)] : [nothing, nothing];
      this.#past[`past_key.${layer}`] = new Tensor("float32", keys, shape);
      this.#past[`past_value.${layer}`] = new Tensor("float32", values, shape);
    }
    this.#pastLength = length;
  }
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (tensor === undefined) return new Float32Array(0);
  if (tensor.data instanceof Float32Array) return tensor.data;
  throw wrongOutput(tensor);
}

function wholes(tensor: Tensor | undefined): Int32Array {
  if (tensor === undefined) return new Int32Array(0);
  if (tensor.data instanceof Int32Array) return tensor.data;
  throw wrongOutput(tensor);
}

function wrongOutput(tensor: Tensor): UserError {
  const message = `The model's graph gives numbers of type ${tensor.type} where it should not. Convert its checkpoint again.`;
  return new UserError("model-invalid", message);
}
