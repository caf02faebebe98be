import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GraphBuilder } from "../../src/convert/onnx/graph-builder.ts";
import type { ModelConfig } from "../../src/model/index.ts";

export const maskId = 0;
export const carryId = 1;
export const stopId = 2;

/**
 * A model whose answer is a formula. At position q it says token (script[q] + sum) mod vocabulary, with a probability
 * that sharpness[q] sets; sum is over the ids of all tokens that the mask row sees, cached or not, masks counting 0.
 */
export interface Formula {
  readonly vocabulary: number;
  /** also the last position the graph can compute: a pass beyond it fails */
  readonly script: readonly number[];
  /** logit of the token said, all others having 0; default: 20 everywhere, that is certain */
  readonly sharpness?: readonly number[];
  /** default: true; false: the text is the script */
  readonly addsSum?: boolean;
  readonly blockContext?: ModelConfig["blockContext"];
  readonly contextLength?: number;
  readonly blockLength?: number;
}

/** Writes the model into the system's temporary folder, once for the same formula. @returns its path */
export async function formulaModel(formula: Formula): Promise<string> {
  const files: Record<string, string | Uint8Array> = {
    "config.json": JSON.stringify(configOf(formula)),
    "model.onnx": graphOf(formula),
    "model.onnx.data": "no weights",
    "tokenizer.json": "{}",
    "tokenizer_config.json": "{}",
  };
  const sums = Object.entries(files)
    .map(([name, content]) => `${sha256(content)}  ${name}\n`)
    .join("");
  const folder = join(tmpdir(), "sdar-chat-tests", `formula-${sha256(sums).slice(0, 16)}`);
  if (!existsSync(folder)) await writeFolder(folder, { ...files, SHA256SUMS: sums });
  return folder;
}

/** Whole or not at all, also when two test files ask for the same one at once. */
async function writeFolder(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  await mkdir(join(folder, ".."), { recursive: true });
  const unfinished = await mkdtemp(`${folder}-`);
  for (const [name, content] of Object.entries(files)) await writeFile(join(unfinished, name), content);
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true }));
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

export function configOf({ vocabulary, script, blockContext = "block", ...formula }: Formula): ModelConfig {
  return {
    format: "sdar-chat-model",
    version: 1,
    name: "formula",
    architecture: {
      layers: 1,
      hiddenSize: 1,
      intermediateSize: 1,
      heads: 1,
      kvHeads: 1,
      headDim: 1,
      vocabSize: vocabulary,
      ropeTheta: 10_000,
      normEps: 1e-6,
      tiedEmbeddings: true,
      qkNorm: false,
    },
    contextLength: formula.contextLength ?? script.length,
    blockContext,
    maskTokenId: maskId,
    ...(blockContext === "causal" ? { maskCarryTokenId: carryId } : {}),
    stopTokenIds: [stopId],
    blockLength: formula.blockLength ?? 4,
    trainedBlockLengths: [4],
    weights: { kind: "f32" },
    topTokens: Math.min(64, vocabulary),
  };
}

function graphOf(formula: Formula): Uint8Array {
  const graph = new GraphBuilder();
  const scalar = (type: "float32" | "int64", value: number) => graph.constant(type, [], [value]);
  const ints = (...values: number[]) => graph.constant("int64", [values.length], values);
  graph.input("input_ids", "int64", ["n"]);
  graph.input("position_ids", "int64", ["n"]);
  graph.input("mask", "float32", ["n", "p + n"]);
  graph.input("head_rows", "int64", ["m"]);
  graph.input("inverse_temperature", "float32", [1]);
  graph.input("past_key.0", "float32", ["p", 1, 1]);
  graph.input("past_value.0", "float32", ["p", 1, 1]);
  const carries = formula.blockContext === "causal";
  const ids = graph.node("Cast", ["input_ids"], { to: 1 });
  // a row that carries counts 0 for others, and the token that it carries for itself
  const carry = carries ? graph.input("carry", "float32", ["n"]) : graph.constant("float32", [1], [0]);
  const carried = graph.node("Mul", [ids, carry]);
  const counted = graph.node("Sub", [ids, carried]);
  const cached = graph.node("Reshape", ["past_key.0", ints(-1)]);
  const all = graph.node("Unsqueeze", [graph.node("Concat", [cached, counted], { axis: 0 }), ints(1)]);
  const visible = graph.node("Cast", [graph.node("Greater", ["mask", scalar("float32", -1)])], { to: 1 });
  const seen = graph.node("Reshape", [graph.node("MatMul", [visible, all]), ints(-1)]);
  const sums = graph.node("Cast", [graph.node("Add", [seen, carried])], { to: 7 });
  const asked = (value: string) => graph.node("Gather", [value, "head_rows"]);
  const slots = graph.node("Add", [asked("position_ids"), scalar("int64", carries ? 1 : 0)]);
  const script = graph.constant("int64", [formula.script.length], formula.script);
  const said = graph.node("Gather", [script, slots]);
  const drift = graph.node("Mul", [asked(sums), scalar("int64", formula.addsSum === false ? 0 : 1)]);
  const token = graph.node("Mod", [graph.node("Add", [said, drift]), scalar("int64", formula.vocabulary)]);
  const sharpness = formula.sharpness ?? formula.script.map(() => 20);
  const logit = graph.node("Gather", [graph.constant("float32", [sharpness.length], sharpness), slots]);
  const hot = graph.node("OneHot", [token, ints(formula.vocabulary), graph.constant("float32", [2], [0, 1])]);
  const raw = graph.node("Mul", [hot, graph.node("Unsqueeze", [logit, ints(1)])]);
  graph.node("Mul", [raw, "inverse_temperature"], {}, "logits");
  const top = ints(Math.min(64, formula.vocabulary));
  graph.namedNodes("TopK", ["logits", top], ["top_values", "top.int64"], { axis: 1 });
  graph.node("Cast", ["top.int64"], { to: 6 }, "top_indices");
  graph.node("ReduceLogSumExp", ["logits", ints(1)], { keepdims: 0 }, "log_sum_exp");
  const products = graph.node("Mul", [graph.node("Softmax", ["logits"], { axis: -1 }), "logits"]);
  const mean = graph.node("ReduceSum", [products, ints(1)], { keepdims: 0 });
  graph.node("Sub", ["log_sum_exp", mean], {}, "entropy");
  graph.node("Reshape", [ids, ints(1, -1, 1, 1)], {}, "new_keys");
  graph.node("Reshape", [ids, ints(1, -1, 1, 1)], {}, "new_values");
  for (const name of ["top_values", "logits"]) graph.output(name, "float32", ["m", "k"]);
  graph.output("top_indices", "int32", ["m", "k"]);
  for (const name of ["log_sum_exp", "entropy"]) graph.output(name, "float32", ["m"]);
  for (const name of ["new_keys", "new_values"]) graph.output(name, "float32", [1, "n", 1, 1]);
  return graph.encode("formula");
}
