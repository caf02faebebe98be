import type { Command } from "commander";
import { wholeNumbers } from "./numbers.ts";
import { addDecodingOptions, addEngineKnobs } from "./options.ts";

const examples = `
Examples:
  sdar-chat trace ./model --ids 1,2,3 --max-tokens 16 --json
  sdar-chat trace ./model --ids 1,2,3 --stop-ids none --strategy sequential
  sdar-chat trace ./model --ids 1,2,3 --temperature 0.5 --top-k 1 --json
  sdar-chat trace ./model --ids 1,2,3 --strategy self_speculative --json

Decodes whole blocks up to the one that holds the last of --max-tokens,
commits each and cuts nothing: for comparing engines step by step. The JSON
object holds prompt, settings, steps (block, step, transfer, masked, tokens,
confidence, unmasked; rows with causal context, entropy with entropy_bounded),
ids, stopped and forwards (prefill, denoise, commit, fused). With
self_speculative it decodes --max-tokens tokens, up to a stop token, and holds
passes (start, ids, positions, kinds, verified, confidence, accepted, tokens,
ahead, ahead_confidence, proposed; hedged and hedged_confidence where there are
hedges, carry with causal context) and counts instead of steps and forwards;
kinds has a letter a row: k last known token, d draft, v verifier, a mask ahead,
h mask of a hedge.`;

export interface TraceOptions extends Readonly<Record<string, unknown>> {
  readonly ids: number[];
  /** undefined: the model's own */
  readonly stopIds?: number[];
  readonly json?: true;
}

export function addTraceCommand(program: Command): void {
  const command = program
    .command("trace")
    .description("decode token ids and print every pass")
    .argument("<model>", "model folder")
    .requiredOption("--ids <list>", "the prompt's token ids: 1,2,3", (text) => wholeNumbers(text, "--ids"))
    .option("--stop-ids <list>", "ids that end the decoding, or none (default: the model's own)", stopIds)
    .option("--json", "print one JSON object instead of a table");
  // The settings of a trace stand still: there is no dial.
  addDecodingOptions(addEngineKnobs(command), ["doubt", "autoBlocks"]);
  command.addHelpText("after", examples).action(async (model: string, options: TraceOptions) => {
    const { trace } = await import("./trace-run.ts");
    await trace(model, options);
  });
}

function stopIds(text: string): number[] {
  return text === "none" ? [] : wholeNumbers(text, "--stop-ids");
}
