import { Option, type Command } from "commander";
import { decodingKnobs, engineKnobs, knobFromText, rangeText, type Knob } from "../engine/index.ts";
import { readLayer, type Layer } from "./settings.ts";

/** `--model`, `--device` and `--threads`: what every command that runs a model takes. */
export function addEngineOptions(command: Command): Command {
  command.option("-m, --model <folder>", "model folder, or name of one (default: the embedded model)");
  return addEngineKnobs(command);
}

/** `--device` and `--threads`, for a command that takes its model as an argument. */
export function addEngineKnobs(command: Command): Command {
  return addKnobs(command, engineKnobs);
}

/** One option for each knob of a decoding. */
export function addDecodingOptions(command: Command): Command {
  return addKnobs(command, decodingKnobs);
}

/** What the command line says: the parsed options of a command. */
export function commandLineLayer(options: Readonly<Record<string, unknown>>): Layer {
  return readLayer(
    (knob) => {
      const value = options[knob.key];
      return typeof value === "string" || typeof value === "number" ? value : undefined;
    },
    (name) => {
      const value = options[name];
      return typeof value === "string" ? value : undefined;
    },
  );
}

function addKnobs(command: Command, knobs: readonly Knob[]): Command {
  for (const knob of knobs) {
    const flag = `--${knob.name}`;
    const option = new Option(`${flag} <${knob.placeholder}>`, `${knob.help} (${rangeText(knob)})`);
    command.addOption(option.argParser((text) => knobFromText(knob, text, flag)));
  }
  return command;
}
