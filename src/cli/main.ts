import { buildProgram } from "./program.ts";
import { exitCodeForThrown } from "./failure.ts";
import { watchOutput } from "./output.ts";

/**
 * Runs the command line and sets the exit code. It never calls process.exit itself: the program ends when its work
 * does, with all output written.
 * @param argv as process.argv: program, script, arguments
 */
export async function main(argv: readonly string[]): Promise<void> {
  watchOutput();
  try {
    await buildProgram().parseAsync(argv);
  } catch (error) {
    process.exitCode = exitCodeForThrown(error);
  }
}
