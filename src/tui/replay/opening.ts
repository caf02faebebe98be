import { UserError } from "../../errors.ts";
import { waitFor } from "../store/moves.ts";
import { notify } from "../store/notices.ts";
import { isAnswering, update, type ChatState, type Update } from "../store/state.ts";

/** `/replay [n]`. @throws UserError usage: an answer is being decoded, or there can be none of that number */
export function replay(state: ChatState, argument: string): Update {
  if (argument !== "" && !/^[1-9]\d{0,5}$/.test(argument)) {
    throw new UserError("usage", `Say which answer, counted from 1: /replay 2, not "${argument}".`);
  }
  if (isAnswering(state)) {
    throw new UserError("usage", "An answer is being decoded. Press Esc to stop it, then replay it.");
  }
  if (state.tokens === undefined)
    throw new UserError("usage", waitFor(state, "replay it") ?? "There is no answer to replay yet.");
  return update(state, { type: "replay", ...(argument === "" ? {} : { answer: Number(argument) }) });
}

/** The last answer, by its key. */
export function replayLast(state: ChatState): Update {
  try {
    return replay(state, "");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return update(notify(state, error.message, "error"));
  }
}
