import { exitCodes } from "./exit-codes.ts";

/** What Ctrl-C and SIGTERM ask of a command that has something to finish. */
export interface Interruption {
  /** aborted by the first signal; a second one ends the program at once */
  readonly signal: AbortSignal;
  /** exit code of the signal that came, if one did */
  exitCode(): number | undefined;
  /** Gives the signals back to the system. */
  release(): void;
}

const codes = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated, SIGHUP: 129 } as const;

export function watchInterruption(): Interruption {
  const controller = new AbortController();
  let code: number | undefined;
  const listener = (name: NodeJS.Signals) => {
    const mine = Object.entries(codes).find(([signal]) => signal === name)?.[1] ?? exitCodes.failed;
    if (code !== undefined) process.exit(mine);
    code = mine;
    controller.abort();
  };
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of names) process.on(name, listener);
  return {
    signal: controller.signal,
    exitCode: () => code,
    release: () => {
      for (const name of names) process.off(name, listener);
    },
  };
}
