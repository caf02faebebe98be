import { existsSync } from "node:fs";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { UserError } from "../../errors.ts";
import type { ModelConfig } from "../../model/index.ts";
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
    candidates: Int32Array,
  ): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Loads it from a model folder; on any device it runs on the CPU, for it multiplies three small matrices by one row.
 * @returns undefined for a model without one
 * @throws UserError model-invalid, engine
 */
export async function openChain(
  folder: string,
  { architecture }: Pick<ModelConfig, "architecture">,
): Promise<Chain | undefined> {
  if (architecture.chainWidth === undefined) return undefined;
  const file = join(folder, "chain.onnx");
  if (!existsSync(file)) throw incomplete(folder);
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

  async scores(hidden: Float32Array, tokens: readonly [number, number], candidates: Int32Array) {
    const feeds = {
      hidden: new Tensor("float32", hidden, [1, hidden.length]),
      tokens: new Tensor("int64", BigInt64Array.from(tokens, BigInt), [2]),
      candidates: new Tensor("int64", BigInt64Array.from(candidates, BigInt), [candidates.length]),
    };
    try {
      const { scores } = await this.#session.run(feeds);
      if (scores?.data instanceof Float32Array) return scores.data;
    } catch (error) {
      throw runError(error);
    }
    throw new TypeError("the graph gives no numbers of 32 bits");
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}

const incomplete = (folder: string) =>
  new UserError(
    "model-invalid",
    `The model folder ${folder} cannot be used: chain.onnx is missing. Convert the model again.`,
  );
