import { Option, type Command } from "commander";
import { UserError } from "../errors.ts";
import { countOf } from "./numbers.ts";
import { addDecodingOptions, addEngineOptions } from "./options.ts";

const examples = `
Examples:
  sdar-chat bench --quick        some minutes: one token at a time, and blocks
  sdar-chat bench --out figures  all, in an hour or two; also JSON, CSV, a plot
  sdar-chat bench --prompts mine.txt --by-kind \\
    --strategies self_speculative,low_confidence_dynamic
  sdar-chat bench --peer llama.cpp --peer-model SmolLM2-135M-Instruct.gguf
  sdar-chat bench --checkpoint ./SDAR-1.7B-Chat    what 8 and 4 bits cost

Prints milliseconds a pass by its rows and by the length of the cache beside
what the machine could do at best; every strategy at the block lengths the model
was trained for, beside decoding one token at a time, with what its text is
worth; and the time from start to frame, model and first text. Only figures of
one run may be compared: machines are shared and drift. Decoding options
(temperature, seed, ...) hold for every contender. Ctrl-C prints what is known
by then. --checkpoint goes with --device, --threads, --out and --json alone.

A file of prompts has one a line: plain text, or JSON such as
{"prompt": "Why is the sky blue?", "kind": "short"}.`;

/** As commander gives them: lists are still text. */
export interface BenchOptions extends Readonly<Record<string, unknown>> {
  readonly rounds?: number;
  readonly quick?: true;
  readonly prompts?: string;
  readonly strategies?: string;
  readonly blockLengths?: string;
  readonly thresholds?: string;
  readonly questions?: number;
  readonly byKind?: true;
  readonly bandwidth?: number;
  readonly peer?: string;
  readonly peerModel?: string;
  readonly out?: string;
  readonly checkpoint?: string;
  readonly json?: true;
}

export function addBenchCommand(program: Command): void {
  const command = program
    .command("bench")
    .description("measure how fast the model runs here, and why")
    .option("--quick", "the model's own block length only, fewer prompts, one round")
    .option(
      "--prompts <file>",
      "prompts to decode, one a line (default: short, list, code, story, arithmetic)",
    )
    .option("--strategies <names>", "strategies to compare, with commas between them (default: all)")
    .option("--block-lengths <n,n>", "block lengths to compare (default: those the model was trained for)")
    .option("--thresholds <p,p>", "thresholds of low_confidence_dynamic to compare (default: 0.95,0.9,0.7)")
    .option("--rounds <n>", "times that every contender decodes every prompt (default: 3)", count("--rounds"))
    .option(
      "--questions <n>",
      "questions with known answers, up to 96 (default: 24)",
      count("--questions", 96),
    )
    .option("--by-kind", "print the figures for each kind of prompt too")
    .option(
      "--bandwidth <GB/s>",
      "of the GPU's memory, as its maker says: for the rate on paper",
      count("--bandwidth"),
    )
    .option("--peer <name>", "compare with another program on the same prompts and threads: llama.cpp")
    .option("--peer-model <file>", "the same base model for it, as GGUF")
    .option("--out <folder>", "also write the figures there: JSON, CSV and, of decoding, a plot")
    .option("--checkpoint <folder>", "instead: compare 8-bit and 4-bit weights of a checkpoint with f32")
    .option("--json", "print one JSON object instead of tables");
  addDecodingOptions(addEngineOptions(command), ["doubt", "strategy", "blockLength", "threshold"]);
  refuseCompared(command);
  command.addHelpText("after", examples).action(async (options: BenchOptions) => {
    if (options.checkpoint === undefined) {
      const { bench } = await import("./bench/run.ts");
      return await bench(options);
    }
    const { benchWeights } = await import("./bench/weights.ts");
    return await benchWeights(options.checkpoint, options);
  });
}

/** Knobs that are what a run compares, and where the contenders' values come from. */
const compared = {
  "--doubt": "exact and balanced are always compared",
  "--strategy": "--strategies names those to compare",
  "--block-length": "--block-lengths names those to compare",
  "--threshold": "--thresholds names those to compare",
};

/** People know these flags from the other commands: they get a better answer than that there is no such option. */
function refuseCompared(command: Command): void {
  for (const [flag, instead] of Object.entries(compared)) {
    const option = new Option(`${flag} <value>`).hideHelp().argParser(() => {
      throw new UserError("usage", `bench takes no ${flag}: ${instead}.`);
    });
    command.addOption(option);
  }
}

function count(flag: string, most?: number): (text: string) => number {
  return (text) => countOf(text, flag, most);
}
