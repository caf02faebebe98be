import { UserError } from "../../errors.ts";
import type { Choice } from "../lists/choice.ts";
import { byLabel } from "../lists/matching.ts";
import { heats, nextHeat, setHeat, type Heat } from "../store/heat.ts";
import type { Command } from "./command.ts";

export const heat: Command = {
  name: "heat",
  arguments: `[${heats.join(" | ")}]`,
  help: "colours of doubt: none, in what can still change, or kept in the text; alone: the next of these",
  values: ({ heat: present }, typed) => ({ items: byLabel(placesFor(present), typed), picked: "first" }),
  run: (state, argument) => {
    const wanted = heats.find((each) => each === argument);
    if (wanted !== undefined) return setHeat(state, wanted);
    if (argument === "") return nextHeat(state);
    throw new UserError("usage", `/heat takes ${heats.join(", ")}, not "${argument}".`);
  },
};

const details: Readonly<Record<Heat, string>> = {
  off: "no colours of doubt",
  live: "in what can still change",
  kept: "in the text for good",
};

const placesFor = (present: Heat): Choice[] =>
  heats.map((name) => ({
    label: name,
    detail: name === present ? `${details[name]} (now)` : details[name],
    text: name,
    onEnter: "run",
  }));
