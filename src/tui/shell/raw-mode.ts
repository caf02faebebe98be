import type { TerminalInput } from "./keyboard.ts";

/**
 * Keeps the terminal in raw mode until the function it gives is called: while one screen of the program hands over to
 * another, a key that comes between must not be echoed into their rows.
 */
export function keepRaw(input: Pick<TerminalInput, "setRawMode">): () => void {
  const setRawMode = input.setRawMode.bind(input);
  input.setRawMode = (raw) => (raw ? setRawMode(raw) : input);
  return () => {
    input.setRawMode = setRawMode;
  };
}
