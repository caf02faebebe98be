import * as ort from "onnxruntime-node";
import { expect, test } from "vitest";
import { GraphBuilder } from "../../src/convert/onnx/graph-builder.ts";
import { decodeModel, encodeModel } from "../../src/convert/onnx/schema.ts";

test("fields have the numbers of the standard", () => {
  const model = { irVersion: 10, graph: { name: "g", node: [{ opType: "Add", output: ["y"] }] } };
  expect(Buffer.from(encodeModel(model)).toString("hex")).toBe(
    // ir_version = 10; graph (7): node (1): output (2) "y", op_type (4) "Add"; name (2) "g"
    "080a3a0d0a081201792203416464120167",
  );
});

test("what was encoded is decoded", () => {
  const graph = new GraphBuilder();
  const x = graph.input("x", "float32", ["n", 3]);
  graph.node("Concat", [x, x], { axis: 1 }, "y");
  graph.output("y", "float32", ["n", 6]);
  expect(decodeModel(graph.encode("twice"))).toMatchObject({
    irVersion: 10,
    opsetImport: [{ version: 21 }, { domain: "com.microsoft", version: 1 }],
    graph: {
      name: "twice",
      input: [{ name: "x", type: { tensorType: { shape: { dim: [{ dimParam: "n" }, { dimValue: 3 }] } } } }],
      node: [{ opType: "Concat", input: ["x", "x"], output: ["y"], attribute: [{ name: "axis", i: 1 }] }],
    },
  });
});

test("a graph runs: constants, attributes of all kinds, operators of both domains", async () => {
  const graph = new GraphBuilder();
  const x = graph.input("x", "float32", ["n", 2]);
  const turned = graph.node("Transpose", [x], { perm: [1, 0] });
  const opened = graph.node("com.microsoft.QuickGelu", [turned], { alpha: { float: 0 } });
  const doubled = graph.node("Mul", [opened, graph.constant("float32", [1], [4])]);
  graph.node("Reshape", [doubled, graph.constant("int64", [1], [-1])], {}, "y");
  graph.output("y", "float32", ["2n"]);
  const session = await ort.InferenceSession.create(graph.encode("test"));
  const { y } = await session.run({ x: new ort.Tensor("float32", [1, 2, 3, 4], [2, 2]) });
  // QuickGelu with alpha 0 halves.
  expect(y?.data).toEqual(Float32Array.of(2, 6, 4, 8));
});

test("names are unique, and say which part of the model they belong to", () => {
  const graph = new GraphBuilder();
  const [one, other] = graph.within("layer.0", () => [graph.node("Abs", ["x"]), graph.node("Abs", ["x"])]);
  expect([one, other]).toEqual(["layer.0/Abs", "layer.0/Abs_1"]);
  expect(graph.within("layer.1", () => graph.nodes("Split", ["x"], 2))).toEqual([
    "layer.1/Split.0",
    "layer.1/Split.1",
  ]);
});

test("equal constants are stored once, long ones each", () => {
  const graph = new GraphBuilder();
  const constant = (values: number[]) => graph.constant("float32", [values.length], values);
  expect(constant([1, 2])).toBe(constant([1, 2]));
  expect(constant([1, 2])).not.toBe(graph.constant("int64", [2], [1, 2]));
  const long = Array.from({ length: 20 }, (_, at) => at);
  expect(constant(long)).not.toBe(constant(long.toReversed()));
});
