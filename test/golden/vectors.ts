import type { Session } from "../../src/engine/decoding/session.ts";
import { partition, type Sequence } from "../../src/engine/rows/sequence.ts";
import type { GoldenName } from "./models.ts";
import { readTensors } from "./safetensors.ts";
import { goldenCases, type GoldenCase, type GoldenStep } from "./vector-file.ts";

/** A case of a checkpoint. */
export interface VectorCase {
  readonly name: GoldenName;
  readonly id: string;
  readonly given: GoldenCase;
}

export const vectorNames = ["dense-tiny", "dense-tiny-tied", "dense-tiny-bf16"] as const;

export const vectorCases: readonly VectorCase[] = vectorNames.flatMap((name) =>
  goldenCases(name).map((given) => ({ name, id: given.id, given })),
);

const tensors = new Map(
  vectorNames.map((name) => [name as GoldenName, readTensors(`${name}/vectors.safetensors`)]),
);

/** Runs the steps as the engine would, asking for the logits of every row. @returns the largest differences, by step */
export async function differencesOf({ name, given }: VectorCase, session: Session): Promise<number[]> {
  session.graph.truncate(0);
  const stored: number[] = [];
  const differences: number[] = [];
  for (const step of given.steps) {
    if (session.graph.cached !== step.past_length) throw new Error(`${step.name} finds another cache`);
    const logits = await run(session, stored, step, given.block_length);
    const expected = tensors.get(name)?.get(step.logits) ?? new Float32Array(0);
    if (logits.length !== expected.length) throw new Error(`${step.name} gives other rows`);
    differences.push(
      Array.from(expected).reduce((most, value, at) => Math.max(most, off(value, logits[at])), 0),
    );
    if (step.stored) stored.push(...step.input_ids);
  }
  return differences;
}

const off = (wanted: number, found = Number.NaN) => {
  const difference = Math.abs(wanted - found);
  return Number.isNaN(difference) ? Infinity : difference;
};

/** Keeps what the step stores. What is more than a pass may have is split between blocks. */
async function run(
  { graph, form, rows }: Session,
  before: readonly number[],
  step: GoldenStep,
  blockLength: number,
): Promise<number[]> {
  const ids = [...before, ...step.input_ids];
  const borders = partition(step.stored ? ids.length : step.past_length, [], blockLength);
  const logits: number[] = [];
  for (let from = step.past_length; from < ids.length;) {
    const fitting = borders.findLast((border) => border > from && border - from <= graph.mostRows);
    const end = step.stored && ids.length - from > graph.mostRows ? (fitting ?? ids.length) : ids.length;
    const masked = Array.from({ length: end - from }, (_, index) => from + index);
    const sequence: Sequence = { ids: ids.slice(0, end), masked, borders };
    rows.clear();
    form.layOut(rows, sequence, from, end);
    const result = await graph.run(rows, 1, true);
    if (step.stored) graph.keep(rows.settled);
    for (const value of result.logits ?? []) logits.push(value);
    from = end;
  }
  return logits;
}
