import type { ChatState, Update } from "../store/state.ts";

/** One slash command: `/help`, completion and the documentation all come from these rows. */
export interface Command {
  /** without the slash */
  readonly name: string;
  /** as in a usage line: "[knob value]"; "" if it takes none */
  readonly arguments: string;
  readonly help: string;
  /** @throws UserError usage: what is wrong with the arguments */
  run(state: ChatState, argument: string): Update;
}
