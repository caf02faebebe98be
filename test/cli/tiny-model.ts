import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { goldenModel, type GoldenName } from "../golden/models.ts";

/** The roles by name and nothing else: the tiny tokenizers know these tokens. */
const template = `{% for message in messages %}<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

/** A copy of a golden model that can be chatted with (random weights: it talks nonsense), to be damaged at will. */
export async function tinyChatModel(name: GoldenName, folder: string): Promise<string> {
  const target = path.join(folder, name);
  cpSync(await goldenModel(name), target, { recursive: true });
  writeFileSync(path.join(target, "chat_template.jinja"), template);
  return target;
}
