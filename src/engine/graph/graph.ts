import type { Device } from "../engine.ts";
import type { Rows } from "../rows/rows.ts";

/** What a pass says of the rows whose logits were asked. Scores are logits * inverse temperature. */
export interface PassResult {
  /** the largest scores, descending: [asked, topTokens] */
  readonly topValues: Float32Array;
  /** their tokens */
  readonly topIndices: Int32Array;
  /** ln of the sum of exp(score) over the vocabulary: [asked] */
  readonly logSumExp: Float32Array;
  /** of softmax(scores), nats: [asked] */
  readonly entropy: Float32Array;
  /** all scores, [asked, vocabulary], if they were wanted */
  readonly logits?: Float32Array;
  /** the rows as the head gets them, [asked, hidden], of a model that chains its guesses */
  readonly hidden?: Float32Array;
}

/** A loaded model graph and the cache it reads. Everything about a device is behind this. */
export interface Graph {
  readonly device: Device;
  /** threads of a pass; 0 where a GPU computes */
  readonly threads: number;
  /** rows of a pass at most */
  readonly mostRows: number;
  /** of a number in the cache: 2 where a GPU computes in 16-bit floats, else 4 */
  readonly cacheNumberBytes: number;
  /** tokens in the cache */
  readonly cached: number;
  /**
   * One pass on top of the cache.
   * @throws UserError engine, and then the cache is as before
   */
  run(rows: Rows, inverseTemperature: number, allLogits: boolean): Promise<PassResult>;
  /**
   * Lets the first `count` rows of the last pass join the cache; they must be among its settled ones.
   * @throws UserError engine (not enough memory), and then the cache is as before
   */
  keep(count: number): void;
  /** Forgets the cached tokens from `length` on. */
  truncate(length: number): void;
  /** A sentence for the user, said once: passes run on another device than before. */
  takeNews?(): string | undefined;
  close(): Promise<void>;
}
