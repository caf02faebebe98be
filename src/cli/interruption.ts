import { signalCodes } from "./exit-codes.ts";

/** What Ctrl-C and SIGTERM ask of a command that has something to finish. */
export interface Interruption {
  /** aborted by the first signal; a second one ends the program at once */
  readonly signal: AbortSignal;
  /** exit code of the signal that came, if one did */
  exitCode(): number | undefined;
  /** Gives the signals back to the system. */
  release(): void;
}

export function watchInterruption(): Interruption {
  const controller = new AbortController();
  let first: number | undefined;
  const release = onSignals((code) => {
    if (first !== undefined) process.exit(code);
    first = code;
    controller.abort();
  });
  return { signal: controller.signal, exitCode: () => first, release };
}

/** Calls the listener with the exit code of each signal that asks for an end. @returns takes the listener away */
export function onSignals(listener: (exitCode: number) => void): () => void {
  const listeners = Object.entries(signalCodes).map(([name, code]) => [name, () => listener(code)] as const);
  for (const [name, each] of listeners) process.on(name, each);
  return () => {
    for (const [name, each] of listeners) process.off(name, each);
  };
}
