import { decodingKnobs, presetNames, presetOf, presets, type PresetName } from "../../engine/index.ts";
import { UserError } from "../../errors.ts";
import type { Choice } from "../lists/choice.ts";
import { byLabel } from "../lists/matching.ts";
import { choosePreset } from "../store/knobs.ts";
import { noteOn } from "../store/notices.ts";
import { update, type ChatState, type NoteLine, type Update } from "../store/state.ts";
import { piece } from "../text/row.ts";
import type { Command } from "./command.ts";

export const preset: Command = {
  name: "preset",
  arguments: `[${presetNames.join(" | ")}]`,
  help: "how sure every strategy wants to be, from certain to quick; alone: what each of them sets",
  run: choose,
  values: ({ settings }, typed) => ({
    items: byLabel(presetChoices(presetOf(settings)), typed),
    picked: "first",
  }),
};

const presetChoices = (present: PresetName | undefined): Choice[] =>
  presetNames.map((name) => ({
    label: name,
    detail: `${valuesText(name)}${name === present ? "  (in use)" : ""}`,
    text: name,
    onEnter: "run",
  }));

function choose(state: ChatState, argument: string): Update {
  if (argument === "") return update(noteOn(state, presetLines(state)));
  const starting = presetNames.filter((name) => name.startsWith(argument.toLowerCase()));
  const [name] = starting;
  if (name !== undefined && starting.length === 1) return choosePreset(state, name);
  throw new UserError("usage", `There is no preset "${argument}". There are: ${presetNames.join(", ")}.`);
}

function presetLines({ settings }: ChatState): NoteLine[] {
  const present = presetOf(settings);
  const width = Math.max(...presetNames.map((name) => name.length));
  return presetNames.map((name) => ({
    lead: [piece(`${name.padEnd(width)}  `, name === present ? "strong" : "text")],
    text: [piece(`${valuesText(name)}${name === present ? "  (in use)" : ""}`, "dim")],
  }));
}

function valuesText(name: PresetName): string {
  const values = presets[name];
  return decodingKnobs
    .flatMap((knob) => (values[knob.key] === undefined ? [] : [`${knob.name} ${values[knob.key]}`]))
    .join(", ");
}
