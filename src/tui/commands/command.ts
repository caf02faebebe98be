import type { Choices } from "../lists/choice.ts";
import type { ChatState, Effect, Update } from "../store/state.ts";

/** One slash command: `/help`, completion and the documentation all come from these rows. */
export interface Command {
  /** without the slash */
  readonly name: string;
  /** as in a usage line: "[knob value]"; "" if it takes none */
  readonly arguments: string;
  readonly help: string;
  /** @throws UserError usage: what is wrong with the arguments */
  run(state: ChatState, argument: string): Update;
  /** what may stand for the argument, filtered by what was typed of it; a taken one replaces all of that */
  readonly values?: (state: ChatState, typed: string) => Choices;
  /** fetches what `values` lists */
  readonly needs?: Effect;
}
