import { Tensor, type InferenceSession } from "onnxruntime-node";
import type { DeviceShape } from "./webgpu-feeds.ts";

/** The numbers in which a device computes the layers of a model and keeps its cache. */
export type DeviceFloats = "float16" | "float32";

export const bytesOf: Readonly<Record<DeviceFloats, number>> = { float16: 2, float32: 4 };

/** The session of the graph that makes room. */
export type GrowingSession = Pick<InferenceSession, "release"> & {
  readonly run: (feeds: InferenceSession.FeedsType) => Promise<InferenceSession.ReturnType>;
};

/** The first buffers hold so many tokens, and the room doubles from there. */
const leastCapacity = 256;

/**
 * Keys and values on the device, a buffer [kvHeads, capacity, headDim] for each of a layer: 8 * layers * kvHeads *
 * headDim * capacity bytes in all, half of them with 16 bits. A pass writes into them where they lie, behind the tokens that count.
 */
export class DeviceCache {
  /** tokens that count */
  length = 0;
  readonly #grow: GrowingSession;
  readonly #shape: DeviceShape;
  readonly #floats: DeviceFloats;
  /** of a head, as numbers of 32 bits, two of 16 in each: making room moves bits, and needs no graph of its own for them */
  readonly #width: number;
  readonly #limit: number;
  #capacity = 0;
  /** keys and values of each layer in turn */
  #buffers: Tensor[] = [];
  #views: Tensor[] = [];

  /**
   * @param grow the session of the model folder's graph that makes room
   * @param limit tokens that there will ever be, those included that a pass has only while it runs
   */
  constructor(grow: GrowingSession, shape: DeviceShape, floats: DeviceFloats, limit: number) {
    this.#grow = grow;
    this.#shape = shape;
    this.#floats = floats;
    this.#width = (shape.headDim * bytesOf[floats]) / Float32Array.BYTES_PER_ELEMENT;
    this.#limit = limit;
  }

  get numberBytes(): number {
    return bytesOf[this.#floats];
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** The buffers as matrices [kvHeads * capacity, headDim]: keys and values of each layer in turn. */
  get views(): readonly Tensor[] {
    return this.#views;
  }

  /** Makes room for `tokens`. Buffers are filled with zeros, for what was left in one could be no number at all. */
  async reserve(tokens: number): Promise<void> {
    if (tokens <= this.#capacity) return;
    const doubled = Math.max(tokens, this.#capacity * 2, leastCapacity);
    const capacity = Math.max(tokens, Math.min(doubled, this.#limit));
    const { layers, kvHeads, headDim } = this.#shape;
    const buffers: Tensor[] = [];
    for (let index = 0; index < 2 * layers; index++) {
      buffers.push(await this.#grown(this.#buffers[index], capacity));
    }
    for (const old of this.#buffers) old.dispose();
    this.#buffers = buffers;
    this.#capacity = capacity;
    this.#views = buffers.map((buffer) => view(buffer, this.#floats, [kvHeads * capacity, headDim]));
  }

  async release(): Promise<void> {
    for (const buffer of this.#buffers) buffer.dispose();
    this.#buffers = [];
    this.#views = [];
    this.#capacity = 0;
    await this.#grow.release();
  }

  async #grown(old: Tensor | undefined, capacity: number): Promise<Tensor> {
    const { kvHeads } = this.#shape;
    const width = this.#width;
    const before =
      old === undefined
        ? new Tensor("float32", new Float32Array(kvHeads * width), [kvHeads, 1, width])
        : view(old, "float32", [kvHeads, this.#capacity, width]);
    const more = capacity - (old === undefined ? 1 : this.#capacity);
    const room = BigInt64Array.from([kvHeads, more, width], BigInt);
    const { after } = await this.#grow.run({ before, room: new Tensor("int64", room, [3]) });
    if (after === undefined) throw new Error("the graph that makes room gives none");
    return after;
  }
}

/** The same buffer in another shape. */
function view(buffer: Tensor, dataType: DeviceFloats, dims: readonly number[]): Tensor {
  return Tensor.fromGpuBuffer(buffer.gpuBuffer, { dataType, dims });
}
