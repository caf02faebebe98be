import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../errors.ts";
import { checkJson, readJson } from "./json-file.ts";

const count = z.int().positive();
const ids = z.union([z.int(), z.array(z.int())]).nullish();

/** The fields of a checkpoint's config.json that decide something here; the rest is ignored. */
const configSchema = z.looseObject({
  model_type: z.string().nullish(),
  hidden_size: count,
  intermediate_size: count,
  mask_intermediate_size: count.nullish(),
  mask_chain_size: count.nullish(),
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  vocab_size: count,
  max_position_embeddings: count,
  rms_norm_eps: z.number().positive(),
  rope_theta: z.number().positive().nullish(),
  rope_parameters: z.looseObject({ rope_theta: z.number().positive().nullish() }).nullish(),
  tie_word_embeddings: z.boolean().nullish(),
  hidden_act: z.string().nullish(),
  eos_token_id: ids,
  mask_token_id: z.int().nonnegative().nullish(),
  block_size: count.nullish(),
  block_length: count.nullish(),
  trained_block_lengths: z.array(count).nullish(),
  block_context: z.enum(["causal", "block"]).nullish(),
  mask_carry_token_id: z.int().nonnegative().nullish(),
});

const formSchema = z.looseObject({ model_type: z.string().nullish(), num_experts: z.number().nullish() });
const scalingSchema = z.looseObject({ rope_type: z.string().optional(), type: z.string().optional() });

export type CheckpointConfig = z.infer<typeof configSchema>;

/** @throws UserError for a folder without config.json, a damaged one, or a model that can't be converted */
export async function readCheckpointConfig(folder: string): Promise<CheckpointConfig> {
  const path = join(folder, "config.json");
  const form = await readJson(path, formSchema);
  if (form === undefined) {
    throw new UserError("model-missing", `${folder} is no checkpoint folder: it has no config.json.`);
  }
  refuseOtherForms(path, form);
  const config = checkJson(path, form, configSchema);
  refuseOtherFeatures(path, config);
  refuseNoNeurons(path, config);
  return config;
}

function refuseNoNeurons(path: string, config: CheckpointConfig): void {
  const { mask_intermediate_size: ofMasks, intermediate_size: all } = config;
  if ((ofMasks ?? 0) < all) return;
  throw new UserError(
    "model-invalid",
    `${path} keeps mask_intermediate_size ${ofMasks} neurons for masks, of intermediate_size ${all}: none would be left for tokens. The former counts those of the latter that masks alone have.`,
  );
}

const knownTypes = ["sdar", "llama", "qwen3"];

function refuseOtherForms(path: string, config: z.infer<typeof formSchema>): void {
  const type = config.model_type ?? "none";
  if (/moe/.test(type) || (config.num_experts ?? 0) > 0) {
    throw new UserError(
      "model-invalid",
      `${path} describes a mixture-of-experts model (${type}), which this version can't convert yet: choose a dense SDAR checkpoint (1.7B, 4B or 8B).`,
    );
  }
  if (knownTypes.includes(type)) return;
  throw new UserError(
    "model-invalid",
    `${path} describes a model of type "${type}", which convert doesn't know: it converts ${knownTypes.join(", ")} layouts.`,
  );
}

/** Features that would change the numbers and that our graph doesn't have, each with the test that finds it. */
const otherFeatures: readonly [name: string, present: (config: CheckpointConfig) => boolean][] = [
  ["rope_scaling", ({ rope_scaling: scaling }) => scalesRope(scaling)],
  ["rope_parameters", ({ rope_parameters: scaling }) => scalesRope(scaling)],
  ["sliding_window", usesSlidingWindow],
  ["layer_types", slidesSomewhere],
  ["attention_bias", ({ attention_bias: bias }) => bias === true],
  ["mlp_bias", ({ mlp_bias: bias }) => bias === true],
  ["partial_rotary_factor", ({ partial_rotary_factor: part }) => typeof part === "number" && part !== 1],
  ["hidden_act", ({ hidden_act: activation }) => (activation ?? "silu") !== "silu"],
  ["quantization_config", ({ quantization_config: quantisation }) => (quantisation ?? null) !== null],
];

function refuseOtherFeatures(path: string, config: CheckpointConfig): void {
  const found = otherFeatures.find(([, present]) => present(config));
  if (!found) return;
  throw new UserError(
    "model-invalid",
    `${path} asks for ${found[0]} = ${JSON.stringify(config[found[0]])}, which convert can't express: the model would answer wrongly, so it is refused.`,
  );
}

function scalesRope(scaling: unknown): boolean {
  if (scaling === undefined || scaling === null) return false;
  const { data } = scalingSchema.safeParse(scaling);
  return !data || (data.rope_type ?? data.type ?? "default") !== "default";
}

function usesSlidingWindow({ sliding_window: window, use_sliding_window: used }: CheckpointConfig): boolean {
  return (window ?? null) !== null && used !== false;
}

function slidesSomewhere({ layer_types: types }: CheckpointConfig): boolean {
  return Array.isArray(types) && types.some((type) => type !== "full_attention");
}
