import { knobFromText } from "../engine/index.ts";
import { UserError } from "../errors.ts";
import { knownText } from "../nearest.ts";
import { allKnobs, readLayer, textOptions, type Layer } from "./settings.ts";

const prefix = "SDAR_CHAT_";

/** The variable of an option or knob: block-length is SDAR_CHAT_BLOCK_LENGTH. */
export function variableOf(name: string): string {
  return prefix + name.toUpperCase().replaceAll("-", "_");
}

/**
 * Settings of the environment; an empty variable counts as absent.
 * @throws UserError usage for an unknown SDAR_CHAT_ variable (a misspelt one would do nothing, silently) and for a
 * value out of range
 */
export function environmentLayer(environment: Readonly<Record<string, string | undefined>>): Layer {
  const names = [...textOptions, ...allKnobs.map((knob) => knob.name)];
  const known = [...names, "config"].map(variableOf);
  const unknown = Object.keys(environment).find((name) => name.startsWith(prefix) && !known.includes(name));
  if (unknown !== undefined) {
    throw new UserError("usage", `${unknown} is not a variable of sdar-chat. ${knownText(unknown, known)}`);
  }
  const textOf = (name: string) => environment[variableOf(name)] || undefined;
  return readLayer((knob) => {
    const text = textOf(knob.name);
    return text === undefined ? undefined : knobFromText(knob, text, variableOf(knob.name));
  }, textOf);
}
