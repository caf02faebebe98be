import { expect, test } from "vitest";
import {
  chooseDevice,
  chooseFloats,
  memoryNeeded,
  refusalOf,
} from "../../../src/engine/device/device-choice.ts";
import type { Verdict } from "../../../src/engine/device/verdicts.ts";
import { timeOf } from "../../../src/engine/device/pass-times.ts";
import { goldenModel } from "../../golden/models.ts";
import { configOf } from "../../synthetic/formula-model.ts";

const config = configOf({ vocabulary: 10, script: [1, 2], blockLength: 4 });
const gpu = { name: "Radeon", driver: "amdgpu", software: false };

const right = (device: [number, number][], cpu: [number, number][]): Verdict & { kind: "right" } => ({
  kind: "right",
  rows: 31,
  divergence: 1e-6,
  device,
  cpu,
});

test("the device whose passes are faster at the model's block length is taken, and the reason says the times", () => {
  const flat: [number, number][] = [
    [1, 5],
    [8, 5],
  ];
  const steep: [number, number][] = [
    [1, 2],
    [8, 16],
  ];
  expect(chooseDevice(right(flat, steep), gpu, config, false)).toEqual({
    use: true,
    reason: "The faster one: a pass of 6 rows takes 5.0 ms on Radeon and 12.0 ms on the CPU.",
  });
  expect(chooseDevice(right(steep, flat), gpu, config, false)).toEqual({
    use: false,
    reason: "The CPU is faster: a pass of 6 rows takes 12.0 ms on Radeon and 5.0 ms on the CPU.",
  });
});

test("a device with wrong numbers, or one whose check never came back, is not used even if it is named", () => {
  const wrong: Verdict = { kind: "wrong", why: "its numbers are wrong: 2.1 nats" };
  for (const named of [true, false]) {
    expect(chooseDevice(wrong, gpu, config, named)).toMatchObject({
      use: false,
      reason: "Radeon is not used: its numbers are wrong: 2.1 nats.",
    });
    expect(chooseDevice({ kind: "begun", pid: 1 }, gpu, config, named)).toMatchObject({ use: false });
  }
  expect(chooseDevice(right([], []), gpu, config, true)).toMatchObject({ use: true });
});

test("a device that computes fewer rows right than a block has is not used even if it is named", () => {
  const long = { ...config, blockLength: 32 };
  expect(chooseDevice(right([], []), gpu, long, true)).toEqual({
    use: false,
    reason:
      "Radeon is not used: it computes passes of up to 31 rows right, and a block of this model has 32.",
  });
});

test("a device in software is refused, and one with too little memory; one whose memory is unknown is not", () => {
  expect(refusalOf({ ...gpu, software: true }, 1)).toMatch(/^Radeon computes in software/);
  expect(refusalOf({ ...gpu, memoryBytes: 2e9 }, 3e9)).toBe(
    "Radeon has 2.0 GB of memory and this model needs 3.0 GB.",
  );
  expect(refusalOf({ ...gpu, memoryBytes: 4e9 }, 3e9)).toBeUndefined();
  expect(refusalOf(gpu, 3e9)).toBeUndefined();
});

test("times between measured rows lie between them; beyond they grow with the rows", () => {
  const times: [number, number][] = [
    [1, 2],
    [4, 8],
    [8, 10],
  ];
  expect([1, 4, 6, 16].map((rows) => timeOf(times, rows))).toEqual([2, 8, 9, 20]);
});

test("in 16-bit floats a device needs room for half the cache", async () => {
  const folder = { path: await goldenModel("dense-tiny"), config };
  const { layers, kvHeads, headDim } = config.architecture;
  const cache = 8 * layers * kvHeads * headDim * Math.min(config.contextLength, 4096);
  expect(memoryNeeded(folder, "float32") - memoryNeeded(folder, "float16")).toBe(cache / 2);
});

const examined = (half: Verdict, whole: Verdict) => [
  { check: { floats: "float16" as const }, verdict: half },
  { check: { floats: "float32" as const }, verdict: whole },
];

test("of the floats in which a device computes right those are taken in which a pass is quicker, and 32 bits say why", () => {
  const [quick, slow] = [right([[1, 2]], []), right([[1, 3]], [])];
  expect(chooseFloats(examined(quick, slow), config)).toEqual(examined(quick, slow)[0]);
  expect(chooseFloats(examined(slow, quick), config)).toMatchObject({
    check: { floats: "float32" },
    whyNotHalf: "a pass takes 18.0 ms in 16-bit floats and 12.0 ms in these",
  });
  const hardly = right([[1, 2.09]], []);
  expect(chooseFloats(examined(hardly, quick), config)).toMatchObject({ check: { floats: "float16" } });
  const short: Verdict = { ...quick, rows: 31 };
  const long: Verdict = { ...slow, rows: 128 };
  expect(chooseFloats(examined(short, long), config)).toMatchObject({
    check: { floats: "float32" },
    whyNotHalf: "in 16-bit floats only passes of up to 31 rows are right",
  });
  expect(chooseFloats(examined(long, short), config)).toMatchObject({ check: { floats: "float16" } });
  const wrong: Verdict = { kind: "wrong", why: "it has no 16-bit floats" };
  expect(chooseFloats(examined(wrong, slow), config)).toMatchObject({
    check: { floats: "float32" },
    whyNotHalf: "it has no 16-bit floats",
  });
  expect(chooseFloats(examined(quick, wrong), config)).toEqual(examined(quick, wrong)[0]);
  expect(chooseFloats(examined(wrong, wrong), config)).toMatchObject({ check: { floats: "float32" } });
  expect(chooseFloats([], config)).toBeUndefined();
});
