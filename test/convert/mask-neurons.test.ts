import { join } from "node:path";
import { expect, test } from "vitest";
import { convertCheckpoint } from "../../src/convert/index.ts";
import { convertWithoutCarry } from "../golden/carry-zero.ts";
import { dataFolder, readTensors } from "../golden/safetensors.ts";
import { checkpointCopy, floats, temporaryFolder, writeSafetensors } from "./folders.ts";
import { GraphRunner, type Row } from "./graph-runner.ts";
import { referenceLogits, roundedWeights } from "./reference.ts";

const carryTiny = join(dataFolder, "carry-tiny");
const [mask, carry] = [505, 506];
const ids = [3, mask, 141, 59, mask, 265];

async function converted(
  from: string,
  neurons: number | undefined,
  kind: "f32" | "q8" = "f32",
): Promise<GraphRunner> {
  const to = join(await temporaryFolder(), "model");
  const fields = { mask_intermediate_size: neurons };
  await convertWithoutCarry(
    { from, to, weights: kind === "f32" ? { kind } : { kind, blockSize: 32 } },
    fields,
  );
  return GraphRunner.open(to);
}

const rowsOf = (tokens: readonly number[], carrying: readonly number[] = []): Row[] =>
  tokens.map((id, position) => ({ id, position, carry: carrying.includes(position) }));

const largest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, at) => Math.abs(value - (b[at] ?? 0))));
};

test("masks have all neurons, and so has a token's row that carries a mask; tokens have not", async () => {
  const graph = await converted(carryTiny, 64);
  const weights = roundedWeights(tensorsWithoutCarry(), () => undefined);
  const { logits } = await graph.run({ rows: rowsOf(ids, [2]) });
  expect(largest(logits, referenceLogits(graph.config, weights, ids, [2]).flat())).toBeLessThan(1e-4);
  expect(largest(logits, referenceLogits(graph.config, weights, ids).flat())).toBeGreaterThan(0.01);
});

test.each(["f32", "q8"] as const)("%s: text is what it is without those neurons", async (kind) => {
  const text = { rows: rowsOf(ids.filter((id) => id !== mask)), sees: (i: number, j: number) => j <= i };
  const [without, having] = await Promise.all([
    converted(await withoutLast(64), undefined, kind),
    converted(carryTiny, 64, kind),
  ]);
  // Not to the bit: sums of other lengths are added up in another order.
  expect(largest((await having.run(text)).logits, (await without.run(text)).logits)).toBeLessThan(1e-5);
});

function tensorsWithoutCarry() {
  const tensors = new Map<string, ArrayLike<number>>(readTensors("carry-tiny/model.safetensors"));
  const table = Array.from(tensors.get("model.embed_tokens.weight") ?? []).fill(
    0,
    carry * 64,
    (carry + 1) * 64,
  );
  return tensors.set("model.embed_tokens.weight", table);
}

/** The checkpoint without the last neurons of its MLPs. */
async function withoutLast(neurons: number): Promise<string> {
  const left = 160 - neurons;
  const folder = await checkpointCopy("carry-tiny", { intermediate_size: left });
  const tensors = [...readTensors("carry-tiny/model.safetensors")].map(([name, numbers]) => {
    const all = Array.from(numbers);
    if (/gate_proj|up_proj/.test(name)) return [name, floats([left, 64], all.slice(0, left * 64))] as const;
    if (!name.includes("down_proj")) return [name, floats(shapeOf(name, all.length), all)] as const;
    return [
      name,
      floats(
        [64, left],
        all.filter((_, at) => at % 160 < left),
      ),
    ] as const;
  });
  await writeSafetensors(join(folder, "model.safetensors"), Object.fromEntries(tensors));
  return folder;
}

function shapeOf(name: string, count: number): number[] {
  if (name.includes("norm")) return [count];
  return name.includes("o_proj") ? [64, count / 64] : [count / 64, 64];
}

test("a model that keeps all its neurons for masks, or more, is refused", async () => {
  const checkpoint = await checkpointCopy("carry-tiny", { mask_intermediate_size: 160 });
  const to = join(await temporaryFolder(), "model");
  await expect(convertCheckpoint({ from: checkpoint, to })).rejects.toThrow(
    /mask_intermediate_size 160 .* intermediate_size 160/,
  );
});
