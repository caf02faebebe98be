import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openEngine } from "../../../src/engine/index.ts";
import { goldenModelCopy } from "../model-copy.ts";

test.each(["model.webgpu.onnx", "cache.webgpu.onnx"])(
  "a folder from before WebGPU, without %s, runs on the CPU and says what --device webgpu needs",
  async (file) => {
    const folder = await goldenModelCopy("dense-tiny");
    await rm(join(folder, file));
    const engine = await openEngine(folder, { device: "auto", threads: 1 });
    expect(engine.info.device).toBe("cpu");
    await engine.close();
    await expect(openEngine(folder, { device: "webgpu", threads: 1 })).rejects.toMatchObject({
      kind: "model-invalid",
      message: expect.stringContaining("Convert the checkpoint again, or run with --device cpu"),
    });
  },
);
