import type { Command } from "commander";
import { UserError } from "../errors.ts";
import { knownText } from "../nearest.ts";
import { addDecodingOptions, addEngineOptions, addScreenOptions } from "./options.ts";

const examples = `
Examples:
  sdar-chat
  sdar-chat --model ./sdar-1.7b --threshold 0.8 --block-length 8
  sdar-chat --system "Answer in one sentence." --no-save
  sdar-chat --continue

In the chat: Enter sends, Esc stops an answer, Ctrl-C twice leaves, ? and /help
list the rest.`;

export function addChatCommand(program: Command): void {
  const command = program
    .command("chat", { isDefault: true })
    .description("chat in the terminal (what happens without a command)")
    .option("-s, --system <text>", "system prompt")
    .option("-c, --continue", "go on with the newest conversation of this model")
    .option(
      "-r, --resume [file]",
      "go on with a saved conversation: its file or id; alone: choose from a list",
    );
  command.option("--events <file>", "write the engine's events into a new file, as ask --json prints them");
  addScreenOptions(addDecodingOptions(addEngineOptions(command)));
  command
    .allowExcessArguments()
    .addHelpText("after", examples)
    .action(async (options: Readonly<Record<string, unknown>>, chat: Command) => {
      if (chat.args.length > 0) throw notACommand(chat.args, program);
      const { chat: run } = await import("./chat-run.ts");
      await run(options);
    });
}

/** `sdar-chat why` and `sdar-chat --seed 1 ask` end here, for what is no command goes to the default one. */
function notACommand(words: readonly string[], program: Command): UserError {
  const [word = ""] = words;
  const names = program.commands.map((each) => each.name());
  if (names.includes(word))
    return new UserError("usage", `Options of ${word} come after it: sdar-chat ${word} ...`);
  return new UserError(
    "usage",
    `"${word}" is not a command. ${knownText(word, names)} To ask one question: sdar-chat ask "${words.join(" ")}"`,
  );
}
