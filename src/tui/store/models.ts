import type { DecodingSettings } from "../../engine/index.ts";
import type { TokenText } from "../../model/index.ts";
import type { ModelFacts } from "../models.ts";
import { piece } from "../text/row.ts";
import { sayUntrained } from "./knobs.ts";
import { settled } from "./moves.ts";
import { noteOn, sayOn } from "./notices.ts";
import { withQueueInPrompt } from "./sending.ts";
import { update, withoutMove, type ChatState, type NoteLine, type Update } from "./state.ts";

/** Shows the models that can be switched to: in the list above the prompt, or on the page. @param present name of the one in use */
export function listModels(state: ChatState, names: readonly string[], present: string): ChatState {
  if (state.popups) return { ...state, shelf: { ...state.shelf, models: { names, present } } };
  const rows = names.map((name): NoteLine => ({ lead: [], text: [piece(name)] }));
  const hint = `/model NAME switches, a path too. Now: ${present}`;
  return noteOn(state, [...rows, { lead: [], text: [piece(hint, "dim")] }]);
}

/** Waits for another model as for the first one: what is sent meanwhile is queued. @throws UserError usage */
export function switchModel(state: ChatState, name: string): Update {
  const { tokens, ...rest } = settled(state, "switch");
  const moving = tokens === undefined ? "next model" : "model";
  return update({ ...rest, loadingSince: state.now, moving }, { type: "model", name });
}

/** A model is loaded; where another is still to come, it is waited for. */
export function ready(state: ChatState, tokens: TokenText): ChatState {
  if (state.moving === "next model") return { ...state, moving: "model" };
  const loaded = { ...state, tokens };
  return state.moving === "model" ? withQueueInPrompt(withoutMove(loaded)) : loaded;
}

/** Another model runs. Its settings are those of before, but for what was the old model's own. */
export function switched(state: ChatState, model: ModelFacts, settings: DecodingSettings): ChatState {
  const { answer: _, ...rest } = withoutMove(state);
  const said = state.turns.length === 0 ? "" : " What was said is read anew with the next message.";
  const now = sayOn({ ...rest, settings, model }, `${model.name} answers from here on.${said}`, "dim");
  return sayUntrained(now);
}
