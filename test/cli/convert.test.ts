import { cpSync, existsSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { dataFolder } from "../golden/safetensors.ts";
import { runProgram, scratchFolder } from "./program.ts";

const home = scratchFolder();
const source = path.join(dataFolder, "dense-tiny");

test("convert tells the size of every kind of weights and makes a folder that runs", async () => {
  const to = path.join(home, "made");
  const { code, stdout, stderr } = await runProgram(home, ["convert", source, to, "--name", "Tiny"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(
    /^Tiny: 232,064 parameters; q8 \d+ kB, q4 \d+ kB, f32 \d+ kB\nWriting q8 in blocks of \d+\.\n/,
  );
  const trace = await runProgram(home, ["trace", to, "--ids", "98,489", "--max-tokens", "4"]);
  expect([trace.code, trace.stderr]).toEqual([0, ""]);
});

test.each([
  [["--weights", "f32", "--block-size", "32"], "--block-size is for quantised weights"],
  [["--weights", "q4", "--block-size", "33"], "33"],
  [["--weights", "q3"], "q8, q4, f32"],
])("convert refuses %j, exit code 2", async (flags, message) => {
  const { code, stderr } = await runProgram(home, ["convert", source, path.join(home, "never"), ...flags]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(existsSync(path.join(home, "never"))).toBe(false);
});

test("a cut file is named in one sentence, exit code 1, and nothing is left behind", async () => {
  const folder = path.join(home, "cut");
  const broken = path.join(folder, "checkpoint");
  cpSync(source, broken, { recursive: true });
  truncateSync(path.join(broken, "model.safetensors"), 500_000);
  const { code, stdout, stderr } = await runProgram(home, ["convert", broken, path.join(folder, "to")]);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^sdar-chat: .*model\.safetensors.*\n$/);
  expect(readdirSync(folder)).toEqual(["checkpoint"]);
});

test("a target that exists is left alone, exit code 1", async () => {
  const { code, stderr } = await runProgram(home, ["convert", source, home]);
  expect(code).toBe(1);
  expect(stderr).toContain("exists already");
});

test("Ctrl-C stops a conversion and leaves nothing behind", async () => {
  const folder = path.join(home, "stopped");
  const large = path.join(folder, "checkpoint");
  cpSync(source, large, { recursive: true });
  makeLarge(large);
  const { code, stdout } = await runProgram(home, ["convert", large, path.join(folder, "to")], {
    onOutput: (child) => child.kill("SIGINT"),
  });
  expect(code).toBe(130);
  expect(stdout).toContain("Writing q8");
  expect(stdout).not.toContain("is whole");
  expect(readdirSync(folder)).toEqual(["checkpoint"]);
});

/** Weights of zeros (a file with a hole) that take seconds to convert: one layer below a wide vocabulary. */
function makeLarge(folder: string): void {
  const [hidden, vocabulary] = [1024, 100_000];
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
}
