import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { floats } from "./floats.ts";
import { loadError, runError } from "./graph-errors.ts";

/** A model's head that chains guesses: how likely tokens are behind two others, given what a pass said of their mask. */
export interface Chain {
  /**
   * What is to be added to the logits of `candidates`, one each.
   * @param hidden the mask's row, [hidden] (see PassResult)
   * @param tokens those of the two positions before the mask's, the nearer one last
   * @throws UserError engine
   */
  scores(
    hidden: Float32Array,
    tokens: readonly [number, number],
    candidates: ArrayLike<number>,
  ): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Loads it from the folder of a model that has one; on any device it runs on the CPU, for it multiplies three small
 * matrices by one row.
 * @throws UserError model-invalid, engine
 */
export async function loadChain(folder: string): Promise<Chain> {
  const file = join(folder, "chain.onnx");
  try {
    return new OnnxChain(await InferenceSession.create(file, sessionOptions));
  } catch (error) {
    throw loadError(file, error);
  }
}

const sessionOptions = {
  executionProviders: ["cpu"],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 4,
} satisfies InferenceSession.SessionOptions;

class OnnxChain implements Chain {
  readonly #session: InferenceSession;

  constructor(session: InferenceSession) {
    this.#session = session;
  }

  async scores(hidden: Float32Array, tokens: readonly [number, number], candidates: ArrayLike<number>) {
    const feeds = {
      hidden: new Tensor("float32", hidden, [1, hidden.length]),
      tokens: new Tensor("int64", BigInt64Array.from(tokens, BigInt), [2]),
      candidates: new Tensor("int64", BigInt64Array.from(candidates, BigInt), [candidates.length]),
    };
    const { scores } = await this.#session.run(feeds).catch((error: unknown) => {
      throw runError(error);
    });
    return floats(scores);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
