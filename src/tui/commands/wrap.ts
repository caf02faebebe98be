import { UserError } from "../../errors.ts";
import { notify } from "../store/notices.ts";
import { update, type ChatState, type Update } from "../store/state.ts";

/** `/wrap words`, `/wrap terminal`, or `/wrap` for the other of the two. */
export function setWrap(state: ChatState, argument: string): Update {
  const other = state.reading.wrap === "words" ? "terminal" : "words";
  const wrap = argument === "" ? other : argument;
  if (wrap !== "words" && wrap !== "terminal")
    throw new UserError("usage", `/wrap takes words or terminal, not "${argument}".`);
  const said =
    wrap === "words"
      ? "rows of prose break between words"
      : "lines of prose go out whole; the terminal breaks them";
  return update(notify({ ...state, reading: { ...state.reading, wrap } }, said, "dim"));
}
