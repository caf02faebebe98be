import type { Command } from "commander";
import { UserError } from "../errors.ts";
import { wholeNumber } from "./numbers.ts";
import { addDrawingOptions, addEngineOptions } from "./options.ts";

const examples = `
Examples:
  sdar-chat replay ./2026-05-04T10-11-12-ab12.jsonl
  sdar-chat replay ab12 --answer 2
  sdar-chat replay ab12 --verify
  sdar-chat replay chat.jsonl --verify --model ./sdar-1.7b --json

On the screen: left and right go through the denoising steps, space plays, the
last row lists the rest. --verify decodes every answer again with its ids,
block borders, seed and the settings of every step, and compares tokens and
probabilities: exit code 0 if all are the same, 1 if one is not, with the
first step that differs.`;

export interface ReplayCommandOptions extends Readonly<Record<string, unknown>> {
  readonly answer?: number;
  readonly verify?: true;
  readonly json?: true;
}

export function addReplayCommand(program: Command): void {
  const command = program
    .command("replay")
    .description("go through a saved conversation step by step, or decode it again and compare")
    .argument("<file>", "saved conversation, or the end of its name")
    .option(
      "--answer <n>",
      "which answer, counted from 1 (default: the last; with --verify: all)",
      answerNumber,
    )
    .option("--verify", "decode again and name the first step that is not the same")
    .option("--json", "with --verify: print one JSON object instead of sentences");
  addDrawingOptions(addEngineOptions(command));
  command.addHelpText("after", examples).action(async (file: string, options: ReplayCommandOptions) => {
    if (options.json && !options.verify) throw new UserError("usage", "--json goes with --verify.");
    if (options.verify) {
      const { verify } = await import("./replay-verify.ts");
      return await verify(file, options);
    }
    const { replay } = await import("./replay-run.ts");
    return await replay(file, options);
  });
}

function answerNumber(text: string): number {
  const number = wholeNumber(text, "--answer");
  if (number === 0) throw new UserError("usage", "--answer counts from 1.");
  return number;
}
