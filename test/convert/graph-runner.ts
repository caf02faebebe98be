import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { modelConfigSchema, type ModelConfig } from "../../src/model/index.ts";

/** One row of a pass. */
export interface Row {
  readonly id: number;
  readonly position: number;
  readonly carry?: boolean;
}

export interface Pass {
  readonly rows: readonly Row[];
  /** does row i see row j? Default: all rows see each other */
  readonly sees?: (i: number, j: number) => boolean;
  /** rows whose logits are asked; default: all */
  readonly headRows?: readonly number[];
  readonly inverseTemperature?: number;
}

/** Keys and values of each layer, [tokens, kvHeads, headDim]. */
export interface Cache {
  readonly keys: Float32Array[];
  readonly values: Float32Array[];
}

export interface PassResult {
  readonly topValues: Float32Array;
  readonly topIndices: Int32Array;
  readonly logSumExp: Float32Array;
  readonly entropy: Float32Array;
  readonly logits: Float32Array;
  /** nothing of a model that does not chain its guesses */
  readonly hidden: Float32Array;
  /** the cache with the pass's rows behind it */
  readonly cache: Cache;
}

/** Runs a model folder's graph as its contract says, with a cache in plain arrays. For tests only. */
export class GraphRunner {
  readonly config: ModelConfig;
  readonly session: ort.InferenceSession;

  private constructor(config: ModelConfig, session: ort.InferenceSession) {
    this.config = config;
    this.session = session;
  }

  static async open(folder: string, options: ort.InferenceSession.SessionOptions = {}): Promise<GraphRunner> {
    const config = modelConfigSchema.parse(JSON.parse(await readFile(join(folder, "config.json"), "utf8")));
    const session = await ort.InferenceSession.create(join(folder, "model.onnx"), {
      intraOpNumThreads: 1,
      ...options,
    });
    return new GraphRunner(config, session);
  }

  emptyCache(): Cache {
    const layers = Array.from({ length: this.config.architecture.layers });
    return { keys: layers.map(() => new Float32Array(0)), values: layers.map(() => new Float32Array(0)) };
  }

  async run(pass: Pass, past: Cache = this.emptyCache()): Promise<PassResult> {
    const results = await this.session.run(this.#feeds(pass, past));
    const floats = (name: string) => dataOf(results[name], Float32Array);
    return {
      topValues: floats("top_values"),
      topIndices: dataOf(results["top_indices"], Int32Array),
      logSumExp: floats("log_sum_exp"),
      entropy: floats("entropy"),
      logits: floats("logits"),
      hidden: this.session.outputNames.includes("hidden") ? floats("hidden") : new Float32Array(0),
      cache: {
        keys: this.#append(past.keys, floats("new_keys")),
        values: this.#append(past.values, floats("new_values")),
      },
    };
  }

  #feeds(
    { rows, sees, headRows, inverseTemperature = 1 }: Pass,
    past: Cache,
  ): ort.InferenceSession.FeedsType {
    const { kvHeads, headDim } = this.config.architecture;
    const n = rows.length;
    const p = (past.keys[0]?.length ?? 0) / (kvHeads * headDim);
    // An empty cache is one token of zeros that nobody sees.
    const cached = Math.max(1, p);
    const mask = Float32Array.from({ length: n * (cached + n) }, (_, at) => {
      const i = Math.floor(at / (cached + n));
      const j = (at % (cached + n)) - cached;
      const visible = j < 0 ? p > 0 : !sees || sees(i, j);
      return visible ? 0 : -30_000;
    });
    const caches = (name: string, layers: readonly Float32Array[]) =>
      layers.map((data, layer): [string, ort.Tensor] => {
        const kept = p > 0 ? data : new Float32Array(kvHeads * headDim);
        return [`${name}.${layer}`, new ort.Tensor("float32", kept, [cached, kvHeads, headDim])];
      });
    const heads = headRows ?? rows.map((_, at) => at);
    return {
      input_ids: ids(rows.map(({ id }) => id)),
      position_ids: ids(rows.map(({ position }) => position)),
      mask: new ort.Tensor("float32", mask, [n, cached + n]),
      head_rows: ids(heads),
      inverse_temperature: new ort.Tensor("float32", [inverseTemperature], [1]),
      ...(this.config.maskCarryTokenId !== undefined && {
        carry: new ort.Tensor(
          "float32",
          Float32Array.from(rows, ({ carry }) => (carry ? 1 : 0)),
          [n],
        ),
      }),
      ...Object.fromEntries([...caches("past_key", past.keys), ...caches("past_value", past.values)]),
    };
  }

  #append(past: readonly Float32Array[], fresh: Float32Array): Float32Array[] {
    const layerSize = fresh.length / past.length;
    return past.map((old, layer) => {
      const joined = new Float32Array(old.length + layerSize);
      joined.set(old);
      joined.set(fresh.subarray(layer * layerSize, (layer + 1) * layerSize), old.length);
      return joined;
    });
  }
}

function ids(numbers: readonly number[]): ort.Tensor {
  return new ort.Tensor("int64", BigInt64Array.from(numbers, BigInt), [numbers.length]);
}

function dataOf<T>(tensor: ort.Tensor | undefined, type: new (length: number) => T): T {
  if (tensor?.data instanceof type) return tensor.data;
  throw new TypeError(`an output is no ${type.name}`);
}
