import { Option, type Command } from "commander";
import {
  decodingKnobs,
  engineKnobs,
  knobFromText,
  rangeText,
  type DecodingSettings,
  type Knob,
  type KnobValue,
} from "../engine/index.ts";
import { screenKnobs } from "./screen-knobs.ts";
import { readLayer, type Layer } from "./settings.ts";

/** `--model`, `--device` and `--threads`: what every command that runs a model takes. */
export function addEngineOptions(command: Command): Command {
  command
    .optionsGroup("Model:")
    .option("-m, --model <folder>", "model folder, or name of one (default: the embedded model)");
  return addEngineKnobs(command);
}

/** `--device` and `--threads`, for a command that takes its model as an argument. */
export function addEngineKnobs(command: Command): Command {
  return addKnobs(command.optionsGroup("Model:"), engineKnobs);
}

/**
 * One option for each knob of a decoding.
 * @param without knobs that the command sets itself
 */
export function addDecodingOptions(
  command: Command,
  without: readonly (keyof DecodingSettings)[] = [],
): Command {
  const knobs = decodingKnobs.filter(({ key }) => !without.includes(key));
  return addKnobs(command.optionsGroup("Decoding:"), knobs);
}

/** What the screen of a chat can be told. */
export function addScreenOptions(command: Command): Command {
  return addKnobs(command.optionsGroup("Screen and files:"), screenKnobs);
}

/** What of that concerns how things are drawn, for other screens than a chat's. */
export function addDrawingOptions(command: Command): Command {
  const drawing = screenKnobs.filter(({ key }) => ["theme", "ascii", "plain", "screenReader"].includes(key));
  return addKnobs(command.optionsGroup("Screen:"), drawing);
}

/** What the command line says: the parsed options of a command. */
export function commandLineLayer(options: Readonly<Record<string, unknown>>): Layer {
  return readLayer(
    (knob) => {
      const value = options[knob.key];
      return isKnobValue(value) ? value : undefined;
    },
    (name) => {
      const value = options[name];
      return typeof value === "string" ? value : undefined;
    },
  );
}

function addKnobs(command: Command, knobs: readonly Knob[]): Command {
  for (const knob of knobs) {
    if (knob.range.kind === "switch") addSwitch(command, knob, knob.range.usual);
    else addValue(command, knob);
  }
  return command;
}

function addValue(command: Command, knob: Knob): void {
  const flag = `--${knob.name}`;
  const option = new Option(`${flag} <${knob.placeholder}>`, `${knob.help} (${rangeText(knob)})`);
  command.addOption(option.argParser((text) => knobFromText(knob, text, flag)));
}

/** Both ways, so that the command line can undo a configuration file; help shows the one that is not the usual. */
function addSwitch(command: Command, { name, help }: Knob, usual: boolean): void {
  const on = new Option(`--${name}`, help);
  const off = new Option(`--no-${name}`, `do not ${help}`);
  command.addOption(on.hideHelp(usual)).addOption(off.hideHelp(!usual));
}

function isKnobValue(value: unknown): value is KnobValue {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
