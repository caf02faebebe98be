import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import * as ort from "onnxruntime-node";
import { expect, test } from "vitest";
import { z } from "zod";
import { buildGraphs } from "../../src/convert/graph/graphs.ts";
import { groupSize, mostProbable } from "../../src/convert/graph/webgpu/most-probable.ts";
import { GraphBuilder } from "../../src/convert/onnx/graph-builder.ts";
import { decodeModel } from "../../src/convert/onnx/schema.ts";
import { loadModelFolder } from "../../src/model/index.ts";
import { goldenModel, goldenNames } from "../golden/models.ts";

const embedded = join(import.meta.dirname, "../../assets/embedded");

const modelSchema = z.object({
  graph: z.object({
    initializer: z.array(
      z.object({
        name: z.string(),
        externalData: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
      }),
    ),
  }),
});

/** Where a graph's tensors lie in the weight file. */
function places(graph: Uint8Array): string[] {
  const { initializer } = modelSchema.parse(decodeModel(graph)).graph;
  const outside = initializer.filter(({ externalData }) => externalData.length > 0);
  return outside.map(({ name, externalData }) => JSON.stringify([name, externalData])).toSorted();
}

test.each([...goldenNames, "the shipped model"] as const)(
  "%s: the graphs of both devices read the same tensors at the same places",
  async (name) => {
    const folder = name === "the shipped model" ? embedded : await goldenModel(name);
    const { files } = buildGraphs((await loadModelFolder(folder)).config);
    const [cpu, webgpu] = ["model.onnx", "model.webgpu.onnx"].map((file) => files[file] ?? new Uint8Array());
    expect(places(cpu ?? new Uint8Array()).length).toBeGreaterThan(10);
    expect(places(webgpu ?? new Uint8Array())).toEqual(places(cpu ?? new Uint8Array()));
  },
);

test("the shipped graphs are those that the converter makes of the shipped configuration", async () => {
  const { files } = buildGraphs((await loadModelFolder(embedded)).config);
  for (const [name, bytes] of Object.entries(files)) {
    const isSame = Buffer.compare(await readFile(join(embedded, name)), Buffer.from(bytes)) === 0;
    expect({ name, isSame }).toEqual({ name, isSame: true });
  }
});

test.each([
  [512, undefined],
  [2048, undefined],
  [49_152, 24],
  [151_936, 128],
  [151_937, undefined], // a prime: sorted as it is
])("a vocabulary of %i is searched in groups of %s", (width, size) => {
  expect(groupSize(width, 64)).toBe(size);
});

async function searchOf(width: number, count: number): Promise<ort.InferenceSession> {
  const graph = new GraphBuilder();
  const { values, tokens } = mostProbable(
    graph,
    graph.input("scores", "float32", ["m", width]),
    width,
    count,
  );
  graph.node("Concat", [values, tokens], { axis: 1 }, "found");
  graph.output("found", "float32", ["m", 2 * count]);
  return await ort.InferenceSession.create(graph.encode("search"), { intraOpNumThreads: 1 });
}

test("the search in groups finds the largest scores and their tokens, whatever the scores are", async () => {
  const [count, width] = [8, 151_936];
  const session = await searchOf(width, count);
  const scores = fc.array(fc.tuple(fc.nat(width - 1), fc.integer({ min: -40, max: 40 })), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(scores, fc.integer({ min: -3, max: 3 }), async (set, base) => {
      const row = new Float32Array(width).fill(base);
      for (const [token, score] of set) row[token] = score;
      const { found } = await session.run({ scores: new ort.Tensor("float32", row, [1, width]) });
      const values = Array.from(row.toSorted().toReversed().subarray(0, count));
      const data = Array.from(z.instanceof(Float32Array).parse(found?.data));
      const tokens = data.slice(count);
      expect(data.slice(0, count)).toEqual(values);
      expect(new Set(tokens).size).toBe(count);
      expect(tokens.map((token) => row[token])).toEqual(values);
      expect(tokens[0]).toBe(row.indexOf(values[0] ?? Number.NaN));
    }),
    { numRuns: 40 },
  );
});
