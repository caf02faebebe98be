import { Command } from "commander";
import { addAskCommand } from "./ask.ts";
import { addBenchCommand } from "./bench.ts";
import { addChatCommand } from "./chat.ts";
import { addCompareCommand } from "./compare.ts";
import { addConvertCommand } from "./convert.ts";
import { addDoctorCommand } from "./doctor.ts";
import { exitCodeHelp } from "./exit-codes.ts";
import { programPaths } from "./paths.ts";
import { addReplayCommand } from "./replay.ts";
import { addTraceCommand } from "./trace.ts";
import { programVersion } from "./version.ts";

/** The command line: what may be typed. What a command needs is loaded when it runs. */
export function buildProgram(): Command {
  const program = new Command("sdar-chat")
    .description("Chat with an SDAR block-diffusion model in the terminal and watch each block denoise.")
    .version(programVersion, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(inOneLine(text)) })
    .addHelpText("after", () => `\n${afterHelp()}`)
    .addHelpText("afterAll", `\n${exitCodeHelp()}`);
  addChatCommand(program);
  addAskCommand(program);
  addCompareCommand(program);
  addReplayCommand(program);
  addConvertCommand(program);
  addDoctorCommand(program);
  addBenchCommand(program);
  addTraceCommand(program);
  return program;
}

/** What commander says of a command line, in our form: "error: unknown option '--x'\n(Did you mean --y?)\n". */
function inOneLine(text: string): string {
  const [first = "", hint] = text
    .trimEnd()
    .replace(/^error: /, "")
    .split("\n");
  return `sdar-chat: ${first}. ${hint?.slice(1, -1) ?? "--help shows what there is."}\n`;
}

function afterHelp(): string {
  return [
    "Without a command it chats; sdar-chat chat --help lists the options of a chat.",
    "",
    "Examples:",
    "  sdar-chat                                 chat with the embedded model",
    "  sdar-chat --model ./SDAR-1.7B-Chat-onnx   chat with a converted one",
    '  sdar-chat ask "Why is the sky blue?"      one answer on standard output',
    "  cat notes.txt | sdar-chat ask summarise   the same about a file",
    "",
    `Settings come from ${programPaths().configFile.path || "no file"}`,
    "(SDAR_CHAT_CONFIG names another), then from variables",
    "(SDAR_CHAT_BLOCK_LENGTH=8), then from the command line.",
  ].join("\n");
}
