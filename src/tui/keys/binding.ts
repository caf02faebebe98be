import type { ChatState, Update } from "../store/state.ts";

export interface KeyContext {
  /** cells of a row of the prompt */
  readonly width: number;
}

/** What a key does; undefined: nothing here, the next binding of the key may. */
export type KeyAction = (state: ChatState, context: KeyContext) => Update | undefined;

/** Keys that do the same thing. `?` and the documentation print `shown` and `help`; "" in help keeps a row out. */
export interface Binding {
  readonly keys: readonly string[];
  readonly shown: string;
  readonly help: string;
  readonly run: KeyAction;
}
