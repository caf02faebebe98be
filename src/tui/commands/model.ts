import type { Choice } from "../lists/choice.ts";
import { byLabel } from "../lists/matching.ts";
import { listFor } from "../store/list.ts";
import { switchModel } from "../store/models.ts";
import { update, type ChatState } from "../store/state.ts";
import type { Command } from "./command.ts";

export const model: Command = {
  name: "model",
  arguments: "[name]",
  help: "go on with another model, by its name or folder; alone: list those there are",
  run: (state, argument) => {
    if (argument !== "") return switchModel(state, argument);
    return update(state.popups ? listFor(state, "/model ") : state, { type: "models" });
  },
  values: (state, typed) => ({
    items: byLabel(modelChoices(state), typed),
    picked: "first",
    title:
      state.shelf.models === undefined
        ? "looking for models"
        : "models: Enter switches; a folder can be typed",
  }),
  needs: { type: "models" },
};

function modelChoices({ shelf }: ChatState): Choice[] {
  const { names = [], present = "" } = shelf.models ?? {};
  return names.map((name) => ({
    label: name,
    detail: name === present ? "answers now" : "",
    text: name,
    onEnter: "run",
  }));
}
