import { cpSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dataFolder } from "../golden/safetensors.ts";

/** A checkpoint of a model that counts as one to chat with. @returns the folder */
export function smallCheckpoint(folder: string): string {
  cpSync(path.join(dataFolder, "dense-tiny"), folder, { recursive: true });
  writeFileSync(path.join(folder, "chat_template.jinja"), "{{ messages[0].content }}");
  return folder;
}

/** One that takes seconds to convert: zeros (a file with a hole), one layer below a wide vocabulary. @returns the folder */
export function largeCheckpoint(folder: string, vocabulary: number): string {
  smallCheckpoint(folder);
  const hidden = 1024;
  const config = {
    model_type: "sdar",
    vocab_size: vocabulary,
    hidden_size: hidden,
    intermediate_size: 1024,
    num_hidden_layers: 1,
    num_attention_heads: 8,
    num_key_value_heads: 8,
    head_dim: 128,
    rms_norm_eps: 1e-6,
    rope_theta: 10_000,
    max_position_embeddings: 1024,
    tie_word_embeddings: true,
    block_size: 4,
    mask_token_id: 505,
  };
  writeFileSync(path.join(folder, "config.json"), JSON.stringify(config));
  const square = [hidden, hidden];
  const layer = "model.layers.0";
  const shapes: Record<string, number[]> = {
    "model.embed_tokens.weight": [vocabulary, hidden],
    "model.norm.weight": [hidden],
    [`${layer}.input_layernorm.weight`]: [hidden],
    [`${layer}.post_attention_layernorm.weight`]: [hidden],
    ...Object.fromEntries(
      ["q", "k", "v", "o"].map((name) => [`${layer}.self_attn.${name}_proj.weight`, square]),
    ),
    ...Object.fromEntries(["gate", "up", "down"].map((name) => [`${layer}.mlp.${name}_proj.weight`, square])),
  };
  let end = 0;
  const header = Object.entries(shapes).map(([name, shape]) => {
    const start = end;
    end += 4 * shape.reduce((product, size) => product * size, 1);
    return [name, { dtype: "F32", shape, data_offsets: [start, end] }];
  });
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = path.join(folder, "model.safetensors");
  writeFileSync(file, Buffer.concat([length, text]));
  truncateSync(file, 8 + text.length + end);
  return folder;
}
