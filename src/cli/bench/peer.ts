import { access } from "node:fs/promises";
import type { Contender, DecodingRun } from "../../bench/index.ts";
import { messageOf, UserError } from "../../errors.ts";
import type { ModelConfig } from "../../model/index.ts";
import { loadLlama, type Llama, type LlamaSequence } from "./llama.ts";

export interface Peer {
  readonly contender: Contender;
  close(): Promise<void>;
}

/** Room for a prompt and its reply. */
const contextSize = 2048;

/**
 * llama.cpp as a contender: one token at a time, greedy, on the CPU, from the ids of sdar-chat's own tokenizer, so its
 * model must have the same vocabulary.
 * @throws UserError usage (not installed), file (no such model, not one of llama.cpp's)
 */
export async function openPeer(
  modelPath: string,
  config: Pick<ModelConfig, "stopTokenIds">,
  threads: number,
): Promise<Peer> {
  const module = await loadLlama();
  try {
    await access(modelPath);
    const llama = await module.getLlama({
      gpu: false,
      build: "never",
      skipDownload: true,
      maxThreads: threads,
      logLevel: "error",
    });
    const sequence = await openSequence(llama, modelPath, threads);
    const contender: Contender = {
      name: "llama.cpp",
      curve: "llama.cpp",
      blockLength: 1,
      decode: (promptIds, maxTokens, signal) =>
        decode(sequence, promptIds, config.stopTokenIds, maxTokens, signal),
    };
    return { contender, close: () => llama.dispose() };
  } catch (error) {
    throw new UserError("file", `llama.cpp cannot load ${modelPath}: ${messageOf(error)}.`);
  }
}

async function openSequence(llama: Llama, modelPath: string, threads: number): Promise<LlamaSequence> {
  const model = await llama.loadModel({ modelPath, gpuLayers: 0 });
  const context = await model.createContext({ contextSize, threads: { ideal: threads, min: threads } });
  return context.getSequence();
}

/** The pass that reads the prompt brings the first token; as for the others what follows it is timed. */
async function decode(
  sequence: LlamaSequence,
  promptIds: readonly number[],
  stopTokenIds: readonly number[],
  maxTokens: number,
  signal: AbortSignal | undefined,
): Promise<DecodingRun> {
  await sequence.clearHistory();
  const ids: number[] = [];
  const started = performance.now();
  let first = started;
  let last = started;
  for await (const id of sequence.evaluate([...promptIds], { temperature: 0, yieldEogToken: true })) {
    last = performance.now();
    if (ids.length === 0) first = last;
    ids.push(id);
    if (stopTokenIds.includes(id) || ids.length >= maxTokens || signal?.aborted) break;
  }
  const milliseconds = last - first;
  const behindFirst = ids.length - 1;
  return {
    ids,
    reason: stopTokenIds.includes(ids.at(-1) ?? -1) ? "stop" : "length",
    tokens: ids.length,
    passes: ids.length,
    drafts: { checked: 0, accepted: 0 },
    timed: { tokens: behindFirst, passes: behindFirst, milliseconds, passMilliseconds: milliseconds },
    firstTextMilliseconds: first - started,
  };
}
