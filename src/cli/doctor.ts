import type { Command } from "commander";
import { addEngineOptions } from "./options.ts";

const examples = `
Examples:
  sdar-chat doctor
  sdar-chat doctor --model ./SDAR-1.7B-Chat-onnx
  sdar-chat doctor --gpu
  sdar-chat doctor --json > report.json

--gpu opens the GPU that WebGPU finds, a software adapter too, checks its
numbers anew and measures its passes beside the CPU's.

Every line is ok, a warning (chatting works, with a drawback) or a problem
(chatting does not work); the exit code is 1 if there is a problem. The model
is really loaded and asked for one token.`;

export interface DoctorOptions extends Readonly<Record<string, unknown>> {
  readonly json?: true;
  readonly gpu?: true;
}

export function addDoctorCommand(program: Command): void {
  const command = program
    .command("doctor")
    .description("check what chatting needs: Node, memory, model, folders, terminal")
    .option("--json", "print one JSON object")
    .option("--gpu", "check the GPU and measure it beside the CPU");
  addEngineOptions(command)
    .addHelpText("after", examples)
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import("./doctor/run.ts");
      await doctor(options);
    });
}
