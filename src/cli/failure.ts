import { CommanderError } from "commander";
import { messageOf, UserError } from "../errors.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { programVersion } from "./version.ts";

/** Ends a command with a code other than 0 that needs no message: everything was said already. */
export class Exit extends Error {
  override readonly name = "Exit";
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Says on standard error what was thrown, if it must be said, and gives the exit code. */
export function exitCodeForThrown(error: unknown): number {
  if (error instanceof Exit) return error.code;
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof UserError) {
    process.stderr.write(`sdar-chat: ${error.message}\n`);
    return exitCodeOf(error.kind);
  }
  process.stderr.write(defectReport(error));
  return exitCodes.failed;
}

function defectReport(error: unknown): string {
  const trace = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  const system = `sdar-chat ${programVersion}, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
  return [
    "sdar-chat: this is a defect of the program, not yours. Please report what you did and these lines:",
    system,
    trace,
    "",
  ].join("\n");
}
