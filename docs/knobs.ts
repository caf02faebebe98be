/**
 * The README's table of knobs, made from the table that the program itself reads.
 * usage: node docs/knobs.ts
 */
import { variableOf } from "../src/cli/environment.ts";
import { allKnobs, chooseSettings } from "../src/cli/settings.ts";
import { defaultSettings, rangeText, type Knob } from "../src/engine/index.ts";

const defaults: Readonly<Record<string, string | number | boolean>> = {
  ...chooseSettings([]).engine,
  ...defaultSettings(0),
  doubt: "off; in the chat balanced",
  blockLength: "the model's own",
  theme: "as the terminal says",
  ascii: "as the locale says",
  view: "20, at most 2 s behind",
  heat: "live",
};

function flagOf({ name, range }: Knob): string {
  if (range.kind !== "switch") return `--${name}`;
  return range.usual ? `--no-${name}` : `--${name}`;
}

function rowOf(knob: Knob): string {
  const { key, name, range, help } = knob;
  const usual = defaults[key] ?? (range.kind === "switch" ? range.usual : "");
  const cells = [
    `\`${flagOf(knob)}\``,
    `\`${variableOf(name)}\``,
    `\`${key}\``,
    rangeText(knob),
    String(usual),
    help,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

export function knobTable(): string {
  const head = ["flag", "variable", "key of the file", "range", "default", "what it does"];
  const texts = [
    ["`--model`", "`SDAR_CHAT_MODEL`", "`model`", "folder or name", "the embedded model", "the model to run"],
    ["`--system`", "`SDAR_CHAT_SYSTEM`", "`system`", "text", "none", "what the model is told first"],
  ];
  const rows = [head, head.map(() => "-"), ...texts].map((cells) => `| ${cells.join(" | ")} |`);
  return [...rows, ...allKnobs.map(rowOf)].join("\n");
}

if (import.meta.main) console.log(knobTable());
