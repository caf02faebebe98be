import { Tensor, type InferenceSession } from "onnxruntime-node";
import { UserError } from "../../errors.ts";
import type { ModelFolder } from "../../model/index.ts";
import { floats } from "./floats.ts";
import type { Graph, PassResult } from "./graph.ts";
import { runError } from "./graph-errors.ts";
import type { Rows } from "../rows/rows.ts";
import type { DeviceCache } from "./webgpu-cache.ts";
import { deviceFeeds, keysOf, type DeviceShape } from "./webgpu-feeds.ts";

export class WebGpuGraph implements Graph {
  readonly device = "webgpu";
  readonly threads = 0;
  mostRows: number;
  readonly #session: InferenceSession;
  readonly #cache: DeviceCache;
  readonly #shape: DeviceShape;
  readonly #topTokens: number;
  readonly #carries: boolean;
  /** rows of the last pass that are in the buffers */
  #fresh = 0;

  constructor(
    session: InferenceSession,
    cache: DeviceCache,
    { architecture, topTokens }: ModelFolder["config"],
    rows: number,
  ) {
    this.mostRows = rows;
    this.#session = session;
    this.#cache = cache;
    this.#shape = architecture;
    this.#topTokens = topTokens;
    this.#carries = session.inputNames.includes("carry");
  }

  get cacheNumberBytes(): number {
    return this.#cache.numberBytes;
  }

  get cached(): number {
    return this.#cache.length;
  }

  async run(rows: Rows, inverseTemperature: number, allLogits: boolean): Promise<PassResult> {
    this.#fresh = 0;
    if (rows.length > this.mostRows) throw tooManyRows(rows.length, this.mostRows);
    try {
      await this.#cache.reserve(keysOf(rows.length, this.cached));
      const outputs = await this.#session.run(
        this.#feeds(rows, inverseTemperature),
        this.#fetches(allLogits),
      );
      this.#fresh = rows.length;
      const asked = rows.slots.length;
      const readings = floats(outputs["readings"]);
      const sizes = { asked, top: this.#topTokens, width: outputs["readings"]?.dims[1] ?? 0 };
      if (!isFiniteEverywhere(readings, sizes)) throw new Error(overflow);
      return {
        ...apart(readings, sizes),
        ...(allLogits ? { logits: floats(outputs["logits"]) } : {}),
      };
    } catch (error) {
      throw runError(error);
    }
  }

  /** The rows lie behind the tokens that count: counting more of them keeps them. */
  keep(count: number): void {
    if (count > this.#fresh) throw new Error("the last pass has no such rows to keep");
    this.#cache.length += count;
    this.#fresh = 0;
  }

  truncate(length: number): void {
    this.#cache.length = Math.min(this.#cache.length, length);
    this.#fresh = 0;
  }

  async close(): Promise<void> {
    await this.#cache.release();
    await this.#session.release();
  }

  #feeds(rows: Rows, inverseTemperature: number): Record<string, Tensor> {
    const { length } = rows;
    const half = this.#shape.headDim / 2;
    const feeds = deviceFeeds(rows, this.#shape, this.cached, this.#cache.capacity);
    const { ids, cos, sin, mask, keys, places, asked } = feeds;
    return {
      ...this.#buffers("past_"),
      input_ids: new Tensor("int32", ids, [length]),
      cos: new Tensor("float32", cos, [length, half]),
      sin: new Tensor("float32", sin, [length, half]),
      mask: new Tensor("float32", mask, [1, 1, length, keys]),
      places: new Tensor("int32", places, [places.length, 1]),
      last_key: new Tensor("int32", Int32Array.of(keys - 1), [1]),
      key_count: new Tensor("int32", Int32Array.of(keys), [1]),
      head_rows: new Tensor("int32", asked, [asked.length]),
      inverse_temperature: new Tensor("float32", Float32Array.of(inverseTemperature), [1]),
      ...(this.#carries ? { carry: new Tensor("float32", rows.carry, [length]) } : {}),
    };
  }

  #fetches(allLogits: boolean): Record<string, Tensor | null> {
    // oxlint-disable-next-line unicorn/no-null -- onnxruntime-node's word for "allocate it"
    return { ...this.#buffers(""), readings: null, ...(allLogits ? { logits: null } : {}) };
  }

  #buffers(prefix: string): Record<string, Tensor> {
    const { views } = this.#cache;
    return Object.fromEntries(
      views.map((buffer, index) => {
        const part = index % 2 === 0 ? "key" : "value";
        return [`${prefix}${part}.${Math.floor(index / 2)}`, buffer];
      }),
    );
  }
}

function tooManyRows(rows: number, most: number): UserError {
  return new UserError(
    "engine",
    `A pass of ${rows} rows is more than the ${most} that are right on this GPU: take a shorter block length, or --device cpu.`,
  );
}

const overflow = "Its numbers ran over, so that nothing can be read from them.";

interface Sizes {
  readonly asked: number;
  readonly top: number;
  /** numbers of a row */
  readonly width: number;
}

/** Whether log-sum-exp is a number in every row of the readings: 16-bit floats end at 65,504. */
function isFiniteEverywhere(readings: Float32Array, { top, width }: Sizes): boolean {
  for (let at = 2 * top; at < readings.length; at += width) if (!Number.isFinite(readings[at])) return false;
  return true;
}

/** Readings [asked, 2 * top + 2, and hidden of a model that chains its guesses] as what they stand for. */
function apart(readings: Float32Array, { asked, top, width }: Sizes): PassResult {
  const hiddenSize = width - (2 * top + 2);
  const hidden = new Float32Array(asked * hiddenSize);
  const result = {
    topValues: new Float32Array(asked * top),
    topIndices: new Int32Array(asked * top),
    logSumExp: new Float32Array(asked),
    entropy: new Float32Array(asked),
  };
  for (let row = 0; row < asked; row++) {
    const line = readings.subarray(row * width, (row + 1) * width);
    result.topValues.set(line.subarray(0, top), row * top);
    result.topIndices.set(line.subarray(top, 2 * top), row * top);
    result.logSumExp.set(line.subarray(2 * top, 2 * top + 1), row);
    result.entropy.set(line.subarray(2 * top + 1, 2 * top + 2), row);
    hidden.set(line.subarray(2 * top + 2), row * hiddenSize);
  }
  return hiddenSize > 0 ? { ...result, hidden } : result;
}
