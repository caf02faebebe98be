import { Option, type Command } from "commander";
import { wholeNumber, wholeNumbers } from "./numbers.ts";

const examples = `
Examples:
  sdar-chat convert ./SDAR-1.7B-Chat ./sdar-1.7b
  sdar-chat convert ./SDAR-8B-Chat ./sdar-8b --weights q4 --block-size 32
  sdar-chat convert ./checkpoint ./model --name "My model" --trained 4,8,16

FROM is a checkpoint as published: config.json, safetensors files, tokenizer.
TO is made whole or not at all. It needs about 1.5 GB of memory, whatever the
size of the checkpoint.`;

export interface ConvertCommandOptions extends Readonly<Record<string, unknown>> {
  readonly weights?: "q8" | "q4" | "f32";
  readonly blockSize?: number;
  readonly trained?: number[];
  readonly name?: string;
  readonly maskId?: number;
  readonly blockLength?: number;
}

export function addConvertCommand(program: Command): void {
  const weights = new Option(
    "--weights <kind>",
    "how weights are stored (default: q8 below 4.5 billion parameters, q4 above)",
  );
  program
    .command("convert")
    .description("turn a safetensors checkpoint into a model folder")
    .argument("<from>", "folder of the checkpoint")
    .argument("<to>", "folder to make; it must not exist")
    .addOption(weights.choices(["q8", "q4", "f32"]))
    .option(
      "--block-size <n>",
      "weights that share a scale (default: 128 for q8, 64 where that does not divide a row; 32 for q4)",
      count("--block-size"),
    )
    .option("--name <text>", "name of the model (default: the folder's)")
    .option(
      "--block-length <n>",
      "block length (default: as config.json says, else 4)",
      count("--block-length"),
    )
    .option("--trained <list>", "block lengths it was trained at: 4,8,16", (text) =>
      wholeNumbers(text, "--trained"),
    )
    .option("--mask-id <id>", "id of the mask token (default: as config.json says)", count("--mask-id"))
    .addHelpText("after", examples)
    .action(async (from: string, to: string, options: ConvertCommandOptions) => {
      const { convert } = await import("./convert-run.ts");
      await convert(from, to, options);
    });
}

function count(flag: string): (text: string) => number {
  return (text) => wholeNumber(text, flag);
}
