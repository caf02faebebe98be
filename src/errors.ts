/** What kind of thing went wrong: decides the exit code, never the wording. */
export type ErrorKind =
  /** the command line, a setting or the configuration file asks for something that does not exist */
  | "usage"
  /** there is no model folder where one was expected */
  | "model-missing"
  /** a model folder or checkpoint is incomplete, damaged or of an unknown form */
  | "model-invalid"
  /** the prompt does not fit the model's context */
  | "context-full"
  /** a file could not be read or written */
  | "file"
  /** the engine or its process failed */
  | "engine";

/**
 * An error that the user can act on. The message is one sentence or two: what happened, why, and what to do
 * next. Anything else that is thrown is a defect of the program and keeps its stack trace.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** The message of whatever was thrown, for the middle of a sentence. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The system's code of what was thrown, such as "ENOENT"; undefined where it has none. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : undefined;
}

/** Whether it was thrown because there is nothing at a path. */
export function isMissing(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return code === "ENOENT" || code === "ENOTDIR";
}
