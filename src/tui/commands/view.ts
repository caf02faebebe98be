import { UserError } from "../../errors.ts";
import { byLabel } from "../lists/matching.ts";
import { paceOf } from "../pacing.ts";
import { showDue } from "../store/answer.ts";
import { notify } from "../store/notices.ts";
import { update, type ChatState, type Update } from "../store/state.ts";
import type { Command } from "./command.ts";

export const view: Command = {
  name: "view",
  arguments: "[live | n]",
  help: "show so many denoising steps a second, or each when it comes; the engine never waits",
  run: setView,
  values: (_, typed) => ({ items: byLabel(paces, typed), picked: "none" }),
};

const paces = [
  { label: "live", detail: "each step when it comes", text: "live", onEnter: "run" },
  { label: "2", detail: "steps a second: slow enough to read each", text: "2", onEnter: "run" },
  { label: "5", detail: "steps a second", text: "5", onEnter: "run" },
  { label: "20", detail: "steps a second: about as many as an eye can follow", text: "20", onEnter: "run" },
] as const;

/** `/view 4` shows four denoising steps a second, also of the answer on the screen; `/view live` each when it comes. */
function setView(state: ChatState, argument: string): Update {
  const pace = argument === "live" ? "live" : /^\d{1,2}$/.test(argument) ? Number(argument) : 0;
  if (pace !== "live" && (pace < 1 || pace > 60)) {
    throw new UserError("usage", `Say how many steps are shown a second, 1..60, or live: /view 4`);
  }
  const said =
    pace === "live"
      ? "every step is shown when it comes"
      : `${pace} steps a second are shown; Esc shows the rest of an answer at once`;
  return update(notify(showDue({ ...state, view: { ...state.view, pace: paceOf(pace) } }), said, "dim"));
}
