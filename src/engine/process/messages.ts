import { UserError, type ErrorKind } from "../../errors.ts";
import type { EngineInfo, EngineOptions, GenerateRequest } from "../engine.ts";
import type { EngineEvent } from "../events.ts";
import type { DecodingSettings } from "../settings.ts";

/** To the engine's process. It ends by itself when its parent hangs up. */
export type ToChild =
  | { readonly type: "open"; readonly folder: string; readonly options: EngineOptions }
  | { readonly type: "generate"; readonly request: ChildRequest }
  | { readonly type: "adjust"; readonly change: Partial<DecodingSettings> }
  | { readonly type: "abort" };

/** A request for the child: instead of a signal, whether that is aborted already. */
export interface ChildRequest extends Omit<GenerateRequest, "signal"> {
  readonly aborted: boolean;
}

/** From it: the answer to "open", and of a generation one message a pass. */
export type FromChild =
  | { readonly type: "ready"; readonly info: EngineInfo }
  | { readonly type: "events"; readonly events: readonly EngineEvent[] }
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly error: PackedError };

/** An error on its way between processes, which keep no classes. */
export interface PackedError {
  /** of a UserError; absent: a defect of the program */
  readonly kind?: ErrorKind;
  readonly message: string;
  readonly stack?: string;
}

export function packError(error: unknown): PackedError {
  if (error instanceof UserError) return { kind: error.kind, message: error.message };
  if (!(error instanceof Error)) return { message: String(error) };
  return { message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) };
}

export function unpackError({ kind, message, stack }: PackedError): Error {
  if (kind !== undefined) return new UserError(kind, message);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
