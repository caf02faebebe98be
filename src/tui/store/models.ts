import type { DecodingSettings } from "../../engine/index.ts";
import type { ModelFacts } from "../models.ts";
import { piece } from "../text/row.ts";
import { sanitize } from "../text/sanitize.ts";
import { sayUntrained } from "./knobs.ts";
import { settled } from "./moves.ts";
import { noteOn, sayOn } from "./notices.ts";
import { update, type ChatState, type NoteLine, type Update } from "./state.ts";

/** Shows the models that can be switched to: in the list above the prompt, or on the page. @param present name of the one in use */
export function listModels(state: ChatState, names: readonly string[], present: string): ChatState {
  if (state.popups) return { ...state, shelf: { ...state.shelf, models: { names, present } } };
  const rows = names.map((name): NoteLine => ({ lead: [], text: [piece(sanitize(name))] }));
  const hint = `/model NAME switches, a path too. Now: ${sanitize(present)}`;
  return noteOn(state, [...rows, { lead: [], text: [piece(hint, "dim")] }]);
}

/** Waits for another model as for the first one: what is sent meanwhile is queued. @throws UserError usage */
export function switchModel(state: ChatState, name: string): Update {
  const { tokens: _, ...rest } = settled(state, "switch");
  return update({ ...rest, loadingSince: state.now }, { type: "model", name });
}

/** Another model runs. Its settings are those of before, but for what was the old model's own. */
export function switched(state: ChatState, model: ModelFacts, settings: DecodingSettings): ChatState {
  const { answer: _, ...rest } = state;
  const said = state.turns.length === 0 ? "" : " What was said is read anew with the next message.";
  const now = sayOn(
    { ...rest, settings, model },
    `${sanitize(model.name)} answers from here on.${said}`,
    "dim",
  );
  return sayUntrained(now);
}
