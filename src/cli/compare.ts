import type { Command } from "commander";
import { addDecodingOptions, addEngineOptions } from "./options.ts";

const examples = `
Examples:
  sdar-chat compare careful fast "Why is the sky blue?"
  sdar-chat compare now block-length=1 --strategy sequential "Name a river."
  sdar-chat compare strategy=sequential,block-length=1 balanced --json < q.txt

A and B are stops of the dial (exact, careful, balanced, fast), "now" (what the
other options say) or knobs as knob=value, joined by commas. Both sides have the
seed and all else in common, and are decoded one after the other.`;

export interface CompareCommandOptions extends Readonly<Record<string, unknown>> {
  readonly json?: true;
}

export function addCompareCommand(program: Command): void {
  const command = program
    .command("compare")
    .description("answer one prompt under two settings: passes, speed, and where the texts part")
    .argument("<A>", "how the left side decodes")
    .argument("<B>", "how the right side decodes")
    .argument("[prompt...]", "the prompt; what is piped in follows after an empty line")
    .option("-s, --system <text>", "system prompt")
    .option("--json", "print one JSON object, with both texts");
  addDecodingOptions(addEngineOptions(command));
  command
    .addHelpText("after", examples)
    .action(async (a: string, b: string, words: string[], options: CompareCommandOptions) => {
      const { compare } = await import("./compare-run.ts");
      await compare([a, b], words, options);
    });
}
