import { absent, type GraphBuilder, type Value } from "../../onnx/graph-builder.ts";

/** A longer row is sorted in memory that all share, with a dispatch a step of the sort: 78 for 4096 numbers. */
const longestSort = 2048;

/** Scores [m, n] and their tokens [m, n]; without tokens, a score's place is its token. */
interface Candidates {
  readonly values: Value;
  readonly tokens?: Value;
  readonly width: number;
}

/**
 * The largest `count` of each row of scores [m, width], descending, and their tokens as floats: [m, count] each. Exact
 * without sorting a vocabulary: all of them lie in the `count` groups whose largest members are largest. Of equal
 * largest scores the first comes first, as on the CPU.
 */
export function mostProbable(
  graph: GraphBuilder,
  scores: Value,
  width: number,
  count: number,
): { values: Value; tokens: Value } {
  let candidates: Candidates = { values: scores, width };
  for (;;) {
    const size = groupSize(candidates.width, count);
    if (size === undefined) return sorted(graph, candidates, count);
    candidates = bestGroups(graph, candidates, size, count);
  }
}

/** The smallest groups of which there are few enough to sort; undefined where the row is short or can't be cut. */
export function groupSize(width: number, count: number): number | undefined {
  if (width <= longestSort) return undefined;
  for (let size = Math.ceil(width / longestSort); size * count < width; size++) {
    if (width % size === 0) return size;
  }
  return undefined;
}

function bestGroups(
  graph: GraphBuilder,
  { values, tokens, width }: Candidates,
  size: number,
  count: number,
): Candidates {
  const groups = width / size;
  const apart = ints(graph, -1, groups, size);
  const grouped = graph.node("Reshape", [values, apart]);
  const largest = graph.node("ReduceMax", [grouped, ints(graph, 2)], { keepdims: 1 });
  // [m, count, 1]: as GatherND wants it, for no kernel would add the last axis to whole numbers
  const [, chosen = absent] = graph.nodes("TopK", [largest, ints(graph, count)], 2, { axis: 1 });
  const together = ints(graph, -1, count * size);
  const pick = (from: Value) => graph.node("GatherND", [from, chosen], { batch_dims: 1 });
  const places = () => {
    const starts = graph.node("Gather", [counting(graph, groups, size), chosen]);
    return graph.node("Add", [starts, counting(graph, size, 1)]);
  };
  const picked = tokens === undefined ? places() : pick(graph.node("Reshape", [tokens, apart]));
  return {
    values: graph.node("Reshape", [pick(grouped), together]),
    tokens: graph.node("Reshape", [picked, together]),
    width: count * size,
  };
}

function sorted(graph: GraphBuilder, { values, tokens, width }: Candidates, count: number) {
  const [best = absent, at = absent] = graph.nodes("TopK", [values, ints(graph, count)], 2, { axis: 1 });
  if (tokens === undefined) {
    return { values: best, tokens: graph.node("Gather", [counting(graph, width, 1), at]) };
  }
  return { values: best, tokens: graph.node("GatherElements", [tokens, at], { axis: 1 }) };
}

/** 0, step, 2 * step, .. */
function counting(graph: GraphBuilder, count: number, step: number): Value {
  const numbers = Array.from({ length: count }, (_, index) => index * step);
  return graph.constant("float32", [count], numbers);
}

function ints(graph: GraphBuilder, ...values: number[]): Value {
  return graph.constant("int64", [values.length], values);
}
