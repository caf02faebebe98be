import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { goldenModel } from "./golden/models.ts";

test("loading a model and its tokenizer leaves no device id and no usage events behind", async () => {
  const folder = await goldenModel("carry-tiny");
  const home = await mkdtemp(join(tmpdir(), "sdar-chat-home-"));
  const text = await mkdtemp(join(tmpdir(), "sdar-chat-text-"));
  for (const name of ["tokenizer.json", "tokenizer_config.json"])
    await cp(join(folder, name), join(text, name));
  await writeFile(join(text, "chat_template.jinja"), "{{ messages[0].content }}");
  const source = join(import.meta.dirname, "../src");
  const script = `
    const { openModelGraph } = await import(${JSON.stringify(join(source, "engine/index.ts"))});
    const { graph } = await openModelGraph(${JSON.stringify(folder)}, { device: "cpu", threads: 1 });
    await graph.close();
    const { openTokenizer } = await import(${JSON.stringify(join(source, "model/index.ts"))});
    await openTokenizer({ path: ${JSON.stringify(text)}, config: { maskTokenId: 505, stopTokenIds: [500] } });`;
  const { ORT_DISABLE_TELEMETRY: _, ...environment } = process.env;
  const env = { ...environment, HOME: home, TMPDIR: home, XDG_CACHE_HOME: join(home, ".cache") };
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { env });
  expect(await readdir(home, { recursive: true })).toEqual([]);
  for (const scratch of [home, text]) await rm(scratch, { recursive: true });
});
