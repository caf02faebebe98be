import { UserError } from "../../errors.ts";
import { heats, nextHeat, setHeat } from "../store/heat.ts";
import type { Command } from "./command.ts";

export const heat: Command = {
  name: "heat",
  arguments: `[${heats.join(" | ")}]`,
  help: "colours of doubt: none, in what can still change, or kept in the text; alone: the next of these",
  run: (state, argument) => {
    const wanted = heats.find((each) => each === argument);
    if (wanted !== undefined) return setHeat(state, wanted);
    if (argument === "") return nextHeat(state);
    throw new UserError("usage", `/heat takes ${heats.join(", ")}, not "${argument}".`);
  },
};
