import { expect, test } from "vitest";
import { gpuReport } from "../../src/cli/doctor/gpu.ts";
import type { Examination, Verdict } from "../../src/engine/index.ts";

const adapter = { name: "Some GPU", driver: "some driver 1.2", software: false, memoryBytes: 8e9 };

test("a GPU's report says what it computes with, and why not in 16-bit floats", () => {
  const verdict: Verdict = { kind: "right", divergence: 2e-5, rows: 31, device: [[1, 2]], cpu: [[1, 4]] };
  const numbersOf = (examination: Examination) =>
    gpuReport(adapter, examination).find(({ name }) => name === "gpu numbers")?.text;
  expect(numbersOf({ floats: "float16", verdict })).toBe("16-bit floats");
  expect(numbersOf({ floats: "float32", verdict })).toContain("the model folder has no graph for 16");
  const whyNotHalf = "it has no 16-bit floats";
  expect(gpuReport(adapter, { floats: "float32", verdict, whyNotHalf })).toMatchObject([
    { name: "gpu", text: "Some GPU (some driver 1.2), 8.0 GB of memory" },
    {
      name: "gpu numbers",
      state: "ok",
      text: "32-bit floats: it has no 16-bit floats",
    },
    { name: "gpu check", text: "right: 2.0e-5 nats from the reference; up to 31 rows a pass" },
    { name: "gpu passes", text: "milliseconds by rows, in brackets the CPU's: 1: 2.0 (4.0)" },
  ]);
});
