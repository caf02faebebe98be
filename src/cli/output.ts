import { codeOf, messageOf } from "../errors.ts";
import { exitCodes } from "./exit-codes.ts";

/**
 * Ends the program when nobody reads its standard output any more (`| head -1`): quietly, for the reader has what it
 * wanted. Any other failure of a write, such as a full disk, is said.
 */
export function watchOutput(): void {
  process.stdout.on("error", (error: Error) => {
    if (codeOf(error) === "EPIPE") process.exit(exitCodes.ok);
    process.stderr.write(`sdar-chat: The output cannot be written: ${messageOf(error)}.\n`);
    process.exit(exitCodes.failed);
  });
}

/**
 * Text of a model made harmless for a terminal: no control characters but newline and tab, and no marks that reorder
 * what follows. Without its ESC a control sequence is plain text.
 */
export function forTerminal(text: string): string {
  return text.replaceAll(/(?![\n\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/gu, "");
}
