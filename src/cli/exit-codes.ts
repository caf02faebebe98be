import type { ErrorKind } from "../errors.ts";

/** What the program's end says to a script. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, model: 3, contextFull: 4 } as const;

/** Signals that end a command in an orderly way; the code is 128 and the signal's number. */
export const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const meanings: readonly (readonly [code: number, meaning: string])[] = [
  [exitCodes.ok, "done"],
  [exitCodes.failed, "failed; the message says why"],
  [exitCodes.usage, "a flag, a variable or the configuration file asks for what is not there"],
  [exitCodes.model, "the model folder is missing or cannot be used"],
  [exitCodes.contextFull, "the prompt, or the answer, does not fit the model's context"],
  [signalCodes.SIGHUP, "the terminal was closed"],
  [signalCodes.SIGINT, "stopped by Ctrl-C"],
  [signalCodes.SIGTERM, "stopped by SIGTERM"],
];

const codeOfKind: Record<ErrorKind, number> = {
  usage: exitCodes.usage,
  "model-missing": exitCodes.model,
  "model-invalid": exitCodes.model,
  "context-full": exitCodes.contextFull,
  file: exitCodes.failed,
  engine: exitCodes.failed,
};

export function exitCodeOf(kind: ErrorKind): number {
  return codeOfKind[kind];
}

/** The table for `--help`. */
export function exitCodeHelp(): string {
  const rows = meanings.map(([code, meaning]) => `  ${String(code).padEnd(5)}${meaning}`);
  return ["Exit codes:", ...rows].join("\n");
}
