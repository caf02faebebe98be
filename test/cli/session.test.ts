import { execFileSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openSession } from "../../src/cli/session.ts";
import { loadModelFolder } from "../../src/model/index.ts";
import { formulaModel } from "../synthetic/formula-model.ts";
import { scratchFolder } from "./program.ts";

const home = scratchFolder();

test.skipIf(process.platform === "win32")(
  "an engine that fails while the tokenizer is still being read is told at once, and rejects nothing unheard",
  async () => {
    const target = path.join(home, "model");
    cpSync(await formulaModel({ vocabulary: 11, script: [3, 4, 5] }), target, { recursive: true });
    // Who reads a named pipe waits until somebody writes.
    const template = path.join(target, "chat_template.jinja");
    execFileSync("mkfifo", [template]);
    onTestFinished(() => writeFileSync(template, ""));
    // It has no graph for a GPU.
    const chosen = { engine: { device: "webgpu", threads: 1 }, decoding: {}, screen: {} } as const;
    const paths = { configFile: { path: "", isNamed: false }, data: home, cache: path.join(home, "cache") };
    const session = openSession(await loadModelFolder(target), chosen, paths);
    await expect(session).rejects.toMatchObject({
      name: "UserError",
      kind: "model-invalid",
      message: expect.stringContaining("model.webgpu.onnx"),
    });
  },
);
