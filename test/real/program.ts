import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach } from "vitest";
import { project, type PseudoTerminal } from "./pseudo-terminal.ts";

export const program = join(project, "bin/sdar-chat.js");

/** The embedded model, or another one to try. */
export const model = process.env["SDAR_CHAT_MODEL"] ?? join(project, "assets/embedded");

/** Whether the program was built and its model is there. */
export const built = existsSync(join(project, "dist/cli/main.js")) && existsSync(join(model, "config.json"));

const opened: PseudoTerminal[] = [];

/** Ends the terminal's program when the test ends, however it does. */
export function closeAfterTest(terminal: PseudoTerminal): PseudoTerminal {
  opened.push(terminal);
  return terminal;
}

afterEach(async () => {
  for (const terminal of opened.splice(0)) {
    terminal.child.kill("SIGKILL");
    await terminal.exit;
  }
});
