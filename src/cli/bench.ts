import type { Command } from "commander";
import { wholeNumber } from "./numbers.ts";
import { addDecodingOptions, addEngineOptions } from "./options.ts";

const examples = `
Examples:
  sdar-chat bench                           this machine, the embedded model
  sdar-chat bench --model sdar-1.7b --json  the same for another model, as JSON
  sdar-chat bench --checkpoint ./SDAR-1.7B  what 8 and 4 bits cost in quality

Prints milliseconds a pass by its rows beside the time to read the weights
once; decoding in order, by blocks and by guess and check, side by side; and
the time from start to frame, model and first text. Only figures of one run
may be compared: machines are shared and drift. Decoding options say what the
contenders use.`;

export interface BenchOptions extends Readonly<Record<string, unknown>> {
  readonly rounds: number;
  readonly checkpoint?: string;
  readonly json?: true;
}

export function addBenchCommand(program: Command): void {
  const command = program
    .command("bench")
    .description("measure how fast the model runs here, and why")
    .option("--rounds <n>", "times that every contender decodes every prompt", rounds, 3)
    .option("--checkpoint <folder>", "instead: compare 8-bit and 4-bit weights of a checkpoint with f32")
    .option("--json", "print one JSON object instead of tables");
  addDecodingOptions(addEngineOptions(command));
  command.addHelpText("after", examples).action(async (options: BenchOptions) => {
    if (options.checkpoint === undefined) {
      const { bench } = await import("./bench-run.ts");
      return await bench(options);
    }
    const { benchWeights } = await import("./bench-weights.ts");
    return await benchWeights(options.checkpoint, options);
  });
}

function rounds(text: string): number {
  return Math.max(1, wholeNumber(text, "--rounds"));
}
