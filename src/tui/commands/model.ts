import { switchModel } from "../store/models.ts";
import { update } from "../store/state.ts";
import type { Command } from "./command.ts";

export const model: Command = {
  name: "model",
  arguments: "[name]",
  help: "go on with another model, by its name or folder; alone: list those there are",
  run: (state, argument) =>
    argument === "" ? update(state, { type: "models" }) : switchModel(state, argument),
};
