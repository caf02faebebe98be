import { basename, join, resolve } from "node:path";
import { UserError } from "../../errors.ts";
import type { ModelConfig } from "../../model/index.ts";
import { blockLengthsOf } from "./block-lengths.ts";
import { readRows, type Checkpoint } from "./checkpoint.ts";
import type { CheckpointConfig } from "./config.ts";
import { stopIdsOf } from "./stop-ids.ts";

/** What the caller knows better than the checkpoint's files, or what they don't say. */
export interface Known {
  readonly name?: string | undefined;
  readonly blockLength?: number | undefined;
  readonly trainedBlockLengths?: readonly number[] | undefined;
  readonly maskTokenId?: number | undefined;
  readonly defaults?: ModelConfig["defaults"];
}

/** The mask of all published SDAR models; some of their config.json files don't name it. */
const publishedMaskId = 151_669;

export interface Description {
  /** all of a model folder's config.json but the kind of weights */
  readonly config: Omit<ModelConfig, "weights">;
  /** what was assumed, one sentence each, for the user to check */
  readonly notes: readonly string[];
}

/** Reads what a checkpoint is from its config.json, generation_config.json, tokenizer files and tensor names. */
export async function describeCheckpoint(
  checkpoint: Checkpoint,
  source: CheckpointConfig,
  known: Known,
): Promise<Description> {
  const { folder } = checkpoint;
  const notes: string[] = [];
  const blockLengths = blockLengthsOf(folder, source, known, notes);
  const config = {
    format: "sdar-chat-model" as const,
    version: 1 as const,
    name: nameOf(folder, known),
    architecture: architectureOf(checkpoint, source),
    contextLength: source.max_position_embeddings,
    blockContext: source.block_context ?? "block",
    maskTokenId: maskIdOf(folder, source, known, notes),
    ...(await carryOf(checkpoint, source)),
    stopTokenIds: await stopIdsOf(folder, source),
    ...blockLengths,
    topTokens: Math.min(64, source.vocab_size),
    ...(known.defaults && { defaults: known.defaults }),
  };
  return { config, notes };
}

function nameOf(folder: string, { name = basename(resolve(folder)) }: Known): string {
  if (name !== "") return name;
  throw new UserError("usage", "The model's name is empty: give one, or none to take the folder's.");
}

function architectureOf(checkpoint: Checkpoint, source: CheckpointConfig): ModelConfig["architecture"] {
  const heads = source.num_attention_heads;
  const tiedEmbeddings = source.tie_word_embeddings ?? false;
  const architecture = {
    layers: source.num_hidden_layers,
    hiddenSize: source.hidden_size,
    intermediateSize: source.intermediate_size,
    ...(source.mask_intermediate_size ? { maskNeurons: source.mask_intermediate_size } : {}),
    ...(source.mask_chain_size ? { chainWidth: source.mask_chain_size } : {}),
    heads,
    kvHeads: source.num_key_value_heads ?? heads,
    headDim: source.head_dim ?? source.hidden_size / heads,
    vocabSize: source.vocab_size,
    ropeTheta: source.rope_theta ?? source.rope_parameters?.rope_theta ?? 10_000,
    normEps: source.rms_norm_eps,
    tiedEmbeddings,
    qkNorm: checkpoint.has("model.layers.0.self_attn.q_norm.weight"),
  };
  const { kvHeads, headDim } = architecture;
  if (heads % kvHeads !== 0 || headDim % 2 !== 0) {
    throw new UserError(
      "model-invalid",
      `${join(checkpoint.folder, "config.json")} gives ${heads} heads, ${kvHeads} key heads and a head size of ${headDim}, which don't fit together.`,
    );
  }
  return architecture;
}

function maskIdOf(folder: string, source: CheckpointConfig, known: Known, notes: string[]): number {
  const named = known.maskTokenId ?? source.mask_token_id;
  if (typeof named === "number") return inVocabulary(folder, source, "mask id", named);
  if (source.model_type !== "sdar") {
    throw new UserError(
      "model-invalid",
      `${join(folder, "config.json")} names no mask token: is this a block-diffusion model? If it is, name its mask id.`,
    );
  }
  notes.push(`config.json names no mask id: ${publishedMaskId} is assumed, SDAR's own.`);
  return inVocabulary(folder, source, "mask id", publishedMaskId);
}

async function carryOf(
  checkpoint: Checkpoint,
  source: CheckpointConfig,
): Promise<Pick<ModelConfig, "maskCarryTokenId" | "maskCarry">> {
  if (typeof source.mask_carry_token_id !== "number") return {};
  const id = inVocabulary(checkpoint.folder, source, "carry token", source.mask_carry_token_id);
  const table = checkpoint.tensor("model.embed_tokens.weight", [source.vocab_size, source.hidden_size]);
  const isZero = (await readRows(table, id, 1)).every((number) => number === 0);
  return { maskCarryTokenId: id, ...(isZero ? { maskCarry: "zero" as const } : {}) };
}

function inVocabulary(
  folder: string,
  { vocab_size: size }: CheckpointConfig,
  what: string,
  id: number,
): number {
  if (id < size) return id;
  throw new UserError(
    "model-invalid",
    `The ${what} ${id} lies outside the vocabulary of ${size} in ${join(folder, "config.json")}: name the right one.`,
  );
}
