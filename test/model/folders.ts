import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import type { ModelConfig } from "../../src/model/index.ts";

/** A chat template in the manner of SmolLM2's: a system message if none is given, nothing stripped. */
export const plainTemplate = `{%- if not messages or messages[0]['role'] != 'system' -%}
{{ '<|im_start|>system\\nBe kind.<|im_end|>\\n' }}
{%- endif -%}
{%- for m in messages -%}
{{ '<|im_start|>' ~ m['role'] ~ '\\n' ~ m['content'] ~ '<|im_end|>\\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
{{ '<|im_start|>assistant\\n' }}
{%- endif -%}`;

/** In the manner of Qwen3's: what a past reply thought is taken out, and its leading newlines with it. */
export const thinkingTemplate = `{%- for m in messages -%}
{%- set content = m['content'] -%}
{%- if m['role'] == 'assistant' and '</think>' in content -%}
{%- set content = content.split('</think>')[-1].lstrip('\\n') -%}
{%- endif -%}
{{ '<|im_start|>' ~ m['role'] ~ '\\n' ~ content ~ '<|im_end|>\\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
{{ '<|im_start|>assistant\\n' }}
{%- endif -%}`;

export const goldenData = path.join(import.meta.dirname, "../golden/data");

/** Ids of the golden tiny checkpoints' tokenizer. */
export const tiny = { endOfText: 500, start: 501, end: 502, think: 503, endThink: 504, mask: 505 } as const;

export const tinyConfig: ModelConfig = {
  format: "sdar-chat-model",
  version: 1,
  name: "Tiny",
  architecture: {
    layers: 3,
    hiddenSize: 64,
    intermediateSize: 160,
    heads: 4,
    kvHeads: 2,
    headDim: 32,
    vocabSize: 512,
    ropeTheta: 1e6,
    normEps: 1e-6,
    tiedEmbeddings: false,
    qkNorm: true,
  },
  contextLength: 512,
  blockContext: "block",
  maskTokenId: tiny.mask,
  stopTokenIds: [tiny.end, tiny.endOfText],
  blockLength: 4,
  trainedBlockLengths: [4],
  weights: { kind: "f32" },
  topTokens: 64,
};

const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

/** An empty folder that goes away with the test file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "sdar-chat-test-"));
  made.push(folder);
  return folder;
}

/** A folder with the golden tiny tokenizer and a template. */
export async function tokenizerFolder(template = plainTemplate): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of ["tokenizer.json", "tokenizer_config.json"]) {
    await cp(path.join(goldenData, "dense-tiny", name), path.join(folder, name));
  }
  await writeFile(path.join(folder, "chat_template.jinja"), template);
  return folder;
}

/** A whole model folder, but for weights that mean anything. */
export async function modelFolder(): Promise<string> {
  const folder = await tokenizerFolder();
  await writeFile(path.join(folder, "config.json"), JSON.stringify(tinyConfig));
  await writeFile(path.join(folder, "model.onnx"), "graph");
  await writeFile(path.join(folder, "model.onnx.data"), "weights");
  await writeChecksums(folder);
  return folder;
}

/** SHA256SUMS over the files that are there. */
export async function writeChecksums(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name !== "SHA256SUMS").toSorted();
  const lines = names.map(async (name) => {
    const hash = createHash("sha256").update(await readFile(path.join(folder, name)));
    return `${hash.digest("hex")}  ${name}\n`;
  });
  await writeFile(path.join(folder, "SHA256SUMS"), (await Promise.all(lines)).join(""));
}
