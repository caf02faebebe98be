/** Sizes of the cache of one model. */
export interface CacheShape {
  readonly layers: number;
  /** numbers of one token's keys in one layer: kvHeads * headDim */
  readonly width: number;
  /** tokens at most */
  readonly limit: number;
}

/**
 * Keys and values of the tokens before the rows of a pass, [tokens, kvHeads, headDim] a layer. Token-major: the cache
 * grows by appending, and a prefix of it is fed to the graph as it lies.
 */
export class KvCache {
  length = 0;
  readonly #shape: CacheShape;
  #capacity = 0;
  #keys: Float32Array[];
  #values: Float32Array[];

  constructor(shape: CacheShape) {
    this.#shape = shape;
    const empty = () => Array.from({ length: shape.layers }, () => new Float32Array(0));
    this.#keys = empty();
    this.#values = empty();
  }

  keys(layer: number): Float32Array {
    return this.#prefix(this.#keys, layer);
  }

  values(layer: number): Float32Array {
    return this.#prefix(this.#values, layer);
  }

  /** Forgets the tokens from `length` on. */
  truncate(length: number): void {
    this.length = Math.min(this.length, length);
  }

  /**
   * Appends the first `count` of `rows` new tokens.
   * @param newKeys [layers, rows, kvHeads, headDim]
   * @param newValues as newKeys
   */
  append(newKeys: Float32Array, newValues: Float32Array, rows: number, count: number): void {
    this.#reserve(this.length + count);
    const { layers, width } = this.#shape;
    for (let layer = 0; layer < layers; layer++) {
      const from = layer * rows * width;
      this.#keys[layer]?.set(newKeys.subarray(from, from + count * width), this.length * width);
      this.#values[layer]?.set(newValues.subarray(from, from + count * width), this.length * width);
    }
    this.length += count;
  }

  #prefix(all: readonly Float32Array[], layer: number): Float32Array {
    const tensor = all[layer];
    if (tensor === undefined) throw new RangeError(`the model has no layer ${layer}`);
    return tensor.subarray(0, this.length * this.#shape.width);
  }

  /** Doubles the room until `tokens` fit: a copy now and then, so that appending costs the same at any length. */
  #reserve(tokens: number): void {
    if (tokens <= this.#capacity) return;
    const doubled = Math.max(tokens, this.#capacity * 2, 256);
    const capacity = Math.max(tokens, Math.min(doubled, this.#shape.limit));
    const grow = (old: Float32Array) => {
      const larger = new Float32Array(capacity * this.#shape.width);
      larger.set(old.subarray(0, this.length * this.#shape.width));
      return larger;
    };
    for (const tensors of [this.#keys, this.#values]) {
      for (const [layer, tensor] of tensors.entries()) tensors[layer] = grow(tensor);
    }
    this.#capacity = capacity;
  }
}
