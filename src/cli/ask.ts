import type { Command } from "commander";
import { addDecodingOptions, addEngineOptions } from "./options.ts";

const examples = `
Examples:
  sdar-chat ask "Why is the sky blue?"
  cat notes.txt | sdar-chat ask "Summarise this in two sentences:"
  sdar-chat ask --file src/a.ts --file src/b.ts "What differs?"
  sdar-chat ask --json --strategy sequential "Name a colour." > events.jsonl

With --json every line is one event of the engine, as it comes: prefilled,
block_opened, denoised (each slot with its token, confidence and runners-up),
block_finished, finished. Added to them: \`label\`, the name of a slot's token;
\`text\`, what a finished block adds to the answer and, in the last line, the
whole answer.`;

export function addAskCommand(program: Command): void {
  const command = program
    .command("ask")
    .description("answer one prompt on standard output, block by block")
    .argument("[prompt...]", "the prompt; what is piped in follows after an empty line")
    .option("-s, --system <text>", "system prompt")
    .option("-f, --file <path>", "send the text of a file along; may be given several times", addTo)
    .option("--json", "print the engine's events instead, one JSON object a line")
    .option("--stats", "print speed and counts on standard error at the end");
  addDecodingOptions(addEngineOptions(command));
  command.addHelpText("after", examples).action(async (words: string[], options: AskOptions) => {
    const { ask } = await import("./ask-run.ts");
    await ask(words, options);
  });
}

const addTo = (path: string, before: readonly string[] = []) => [...before, path];

export interface AskOptions extends Readonly<Record<string, unknown>> {
  readonly json?: true;
  readonly stats?: true;
  readonly file?: readonly string[];
}
