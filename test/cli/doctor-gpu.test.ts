import { expect, test } from "vitest";
import { gpuReport } from "../../src/cli/doctor/gpu.ts";

const adapter = { name: "Some GPU", driver: "some driver 1.2", software: false, memoryBytes: 8e9 };

test("a GPU's report says what it computes with, and that its features are not told", () => {
  const verdict = { kind: "right" as const, divergence: 2e-5, rows: 31 };
  expect(gpuReport(adapter, { ...verdict, device: [[1, 2]], cpu: [[1, 4]] })).toMatchObject([
    { name: "gpu", text: "Some GPU (some driver 1.2), 8.0 GB of memory" },
    {
      name: "gpu numbers",
      state: "ok",
      text: "32-bit floats; ONNX Runtime does not tell what else the adapter can compute with",
    },
    { name: "gpu check", text: "right: 2.0e-5 nats from the reference; up to 31 rows a pass" },
    { name: "gpu passes", text: "milliseconds by rows, in brackets the CPU's: 1: 2.0 (4.0)" },
  ]);
});
