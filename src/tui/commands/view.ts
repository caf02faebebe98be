import { UserError } from "../../errors.ts";
import { paceOf } from "../pacing.ts";
import { showDue } from "../store/answer.ts";
import { notify } from "../store/notices.ts";
import { update, type ChatState, type Update } from "../store/state.ts";

/** `/view 4` shows four denoising steps a second, also of the answer on the screen; `/view live` each when it comes. */
export function setView(state: ChatState, argument: string): Update {
  const view = argument === "live" ? "live" : /^\d{1,2}$/.test(argument) ? Number(argument) : 0;
  if (view !== "live" && (view < 1 || view > 60)) {
    throw new UserError("usage", `Say how many steps are shown a second, 1..60, or live: /view 4`);
  }
  const said =
    view === "live"
      ? "every step is shown when it comes"
      : `${view} steps a second are shown; Esc shows the rest of an answer at once`;
  return update(notify(showDue({ ...state, view: { ...state.view, pace: paceOf(view) } }), said, "dim"));
}
