import type { ModelConfig } from "../../model/index.ts";
import type { Value } from "../onnx/graph-builder.ts";
import type { StoredWeight } from "../weights/plan.ts";
import { newContext, storedData, storedScales, type GraphContext } from "./context.ts";
import { rowsOfTable } from "./embedding.ts";
import { multiply, planMatrix } from "./linear.ts";
import { gate } from "./mlp.ts";

/** Matrices of the vocabulary; one and the same where they are tied. */
interface Tables {
  readonly embedding: StoredWeight;
  readonly head: StoredWeight;
}

/** What the graph that chains guesses reads of the weight file. */
export interface ChainWeights extends Tables {
  readonly mask: StoredWeight;
  readonly tokens: StoredWeight;
  readonly down: StoredWeight;
}

/** Plans the head's own matrices, behind all others: a model keeps its bytes when it gets one. */
export function planChain(c: GraphContext, tables: Tables): ChainWeights | undefined {
  const { chainWidth, hiddenSize } = c.architecture;
  if (chainWidth === undefined) return undefined;
  const plan = (name: string, rows: number, columns: number) =>
    planMatrix(c, [{ name: `model.chain.${name}.weight`, rows }], columns);
  return {
    ...tables,
    mask: plan("mask_proj", 2 * chainWidth, hiddenSize),
    tokens: plan("token_proj", 2 * chainWidth, 2 * hiddenSize),
    down: plan("down_proj", hiddenSize, chainWidth),
  };
}

/**
 * What the two tokens before a mask add to the scores of candidates for it. A pass guesses behind a token that it is only choosing;
 * once that is known, this says what the guess becomes: a gated layer over the mask's hidden row and both tokens' embeddings,
 * whose result is read by the candidates' rows of the head. (Kin: Hydra's heads, arXiv 2402.05109; the sampler of
 * arXiv 2507.11851.) Inputs: hidden [1, hidden], tokens [2], the nearer one last, candidates [k]; output: scores [k], to be
 * added to logits.
 */
export function buildChain(config: ModelConfig, weights: ChainWeights): Uint8Array {
  const c = newContext(config, "cpu");
  const { graph } = c;
  const { hiddenSize, tiedEmbeddings } = config.architecture;
  const hidden = graph.input("hidden", "float32", [1, hiddenSize]);
  const tokens = graph.input("tokens", "int64", [2]);
  const candidates = graph.input("candidates", "int64", ["k"]);
  const table = "model.embed_tokens.weight";
  const reshape = (x: Value, ...shape: number[]) =>
    graph.node("Reshape", [x, graph.constant("int64", [shape.length], shape)]);
  const before = reshape(rowsApart(c, table, weights.embedding, tokens), 1, 2 * hiddenSize);
  const sum = graph.node("Add", [
    multiply(c, hidden, "model.chain.mask_proj", weights.mask),
    multiply(c, before, "model.chain.token_proj", weights.tokens),
  ]);
  const down = multiply(c, gate(c, sum), "model.chain.down_proj", weights.down);
  const rows = rowsApart(c, tiedEmbeddings ? table : "lm_head", weights.head, candidates);
  graph.node("MatMul", [rows, reshape(down, hiddenSize)], {}, "scores");
  graph.output("scores", "float32", ["k"]);
  return graph.encode(config.name);
}

/**
 * Rows of a matrix of the vocabulary: ids [n] -> [n, hidden]. Bytes and scales are looked up first and made floats then: with
 * ONNX Runtime's operator for both, a guess of 64 candidates takes 0.65 ms on two cores with AVX2, and so 0.3.
 */
function rowsApart(c: GraphContext, name: string, table: StoredWeight, ids: Value): Value {
  if (table.bits !== 8) return rowsOfTable(c, name, table, ids);
  const { graph } = c;
  const { rows, columns, blockSize, blocksPerRow } = table;
  const ints = (...values: number[]) => graph.constant("int64", [values.length], values);
  const bytes = storedData(c, `${name}.rows`, table, [rows, blocksPerRow, blockSize]);
  const numbers = graph.cast(graph.node("Gather", [bytes, ids]), "float32");
  const scales = graph.node("Gather", [storedScales(c, `${name}.rows.scales`, table), ids]);
  const centred = graph.node("Sub", [numbers, graph.constant("float32", [1], [128])]);
  const scaled = graph.node("Mul", [centred, graph.node("Unsqueeze", [scales, ints(2)])]);
  return graph.node("Reshape", [scaled, ints(-1, columns)]);
}
