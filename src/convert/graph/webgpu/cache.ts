import { GraphBuilder } from "../../onnx/graph-builder.ts";

/**
 * A graph that makes room in a cache buffer: before [heads, c, width] and `room` more tokens a head, zeros, ->
 * after [heads, c + room, width]. Also how the first buffer comes to be.
 */
export function buildCacheGraph(): Uint8Array {
  const graph = new GraphBuilder();
  graph.input("before", "float32", ["heads", "c", "width"]);
  // [heads, room, width]
  graph.input("room", "int64", [3]);
  const zeros = graph.node("Expand", [graph.constant("float32", [1, 1, 1], [0]), "room"]);
  graph.node("Concat", ["before", zeros], { axis: 1 }, "after");
  graph.output("after", "float32", ["heads", "c + room", "width"]);
  return graph.encode("cache");
}
