import { createHash } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { goldenModel, type GoldenName } from "../golden/models.ts";

/** The roles by name and nothing else: the tiny tokenizers know these tokens. */
const template = `{% for message in messages %}<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

/**
 * A copy of a golden model that can be chatted with (random weights: it talks nonsense), to be damaged at will.
 * @param contextLength default: the model's own
 */
export async function tinyChatModel(
  name: GoldenName,
  folder: string,
  contextLength?: number,
): Promise<string> {
  const target = path.join(folder, name);
  cpSync(await goldenModel(name), target, { recursive: true });
  writeFileSync(path.join(target, "chat_template.jinja"), template);
  if (contextLength !== undefined) rewrite(target, contextLength);
  return target;
}

function rewrite(folder: string, contextLength: number): void {
  const config = path.join(folder, "config.json");
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), contextLength }));
  const sums = path.join(folder, "SHA256SUMS");
  const hash = createHash("sha256").update(readFileSync(config)).digest("hex");
  writeFileSync(sums, readFileSync(sums, "utf8").replace(/^[0-9a-f]{64}(?= [ *]config\.json$)/m, hash));
}
