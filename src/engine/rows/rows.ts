/** What is added to a row's attention score of another one that it sees, or does not. */
export const seen = 0;
export const unseen = -30000;
/** Seen as two rows alike: twice the weight in the softmax. */
const seenTwice = Math.log(2);

/**
 * The rows of one pass: token, position, whether it carries (see forms.ts), which of the others it sees (the cache it
 * sees whole) and whether its logits are asked. Kept in buffers that the next pass uses again.
 */
export class Rows {
  length = 0;
  /** the positions whose tokens the asked rows predict, in order of the asked rows */
  slots: number[] = [];
  /** how many of the first rows have keys and values that depend on decided tokens only */
  settled = 0;
  #ids = new BigInt64Array(64);
  #positions = new BigInt64Array(64);
  #carry = new Float32Array(64);
  #asked = new BigInt64Array(64);
  #mask = new Float32Array(64 * 64);

  clear(): void {
    this.length = 0;
    this.slots = [];
    this.settled = 0;
  }

  add(id: number, position: number, carry = false): void {
    if (this.length === this.#ids.length) this.#grow();
    this.#ids[this.length] = BigInt(id);
    this.#positions[this.length] = BigInt(position);
    this.#carry[this.length] = carry ? 1 : 0;
    this.length++;
  }

  /** Asks for the logits of a row, by default the one added last, which predicts position `slot`. */
  ask(slot: number, row = this.length - 1): void {
    this.#asked[this.slots.length] = BigInt(row);
    this.slots.push(slot);
  }

  /** Says of every pair of rows whether the first sees the second. */
  look(sees: (row: number, other: number) => boolean): void {
    if (this.#mask.length < this.length ** 2) this.#mask = new Float32Array(this.#ids.length ** 2);
    let at = 0;
    for (let row = 0; row < this.length; row++) {
      for (let other = 0; other < this.length; other++) {
        this.#mask[at++] = row === other || sees(row, other) ? seen : unseen;
      }
    }
  }

  /** The rows from `first` to `end` see the row `other` as two rows alike. After `look`. */
  countTwice(other: number, first: number, end: number): void {
    for (let row = first; row < end; row++) this.#mask[row * this.length + other] = seenTwice;
  }

  /** int64 [rows] */
  get ids(): BigInt64Array {
    return this.#ids.subarray(0, this.length);
  }

  /** int64 [rows] */
  get positions(): BigInt64Array {
    return this.#positions.subarray(0, this.length);
  }

  /** float32 [rows], 0 or 1 */
  get carry(): Float32Array {
    return this.#carry.subarray(0, this.length);
  }

  /** int64 [slots]: the rows whose logits are asked */
  get asked(): BigInt64Array {
    return this.#asked.subarray(0, this.slots.length);
  }

  /** float32 [rows, rows], additive: `seen`, `unseen`, or what counts a row twice */
  get mask(): Float32Array {
    return this.#mask.subarray(0, this.length ** 2);
  }

  #grow(): void {
    const size = this.#ids.length * 2;
    this.#ids = grown(this.#ids, size);
    this.#positions = grown(this.#positions, size);
    this.#asked = grown(this.#asked, size);
    const carry = new Float32Array(size);
    carry.set(this.#carry);
    this.#carry = carry;
  }
}

function grown(from: BigInt64Array, size: number): BigInt64Array<ArrayBuffer> {
  const to = new BigInt64Array(size);
  to.set(from);
  return to;
}
