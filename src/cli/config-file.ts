import { readFile } from "node:fs/promises";
import { checkKnob } from "../engine/index.ts";
import { isMissing, messageOf, UserError } from "../errors.ts";
import type { ConfigFile } from "./paths.ts";
import { knownText } from "../nearest.ts";
import { allKnobs, readLayer, textOptions, type Layer } from "./settings.ts";

const withoutOne = "Mend it, or run without one: SDAR_CHAT_CONFIG= sdar-chat";

/**
 * Settings of the configuration file; one that does not exist says nothing, unless it was named.
 * @throws UserError usage for what is not JSON, for an unknown key and for a value out of range; file
 */
export async function readConfigFile({ path, isNamed }: ConfigFile): Promise<Layer> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (!isNamed && isMissing(error)) return "{}";
    throw new UserError(
      "file",
      `The configuration file ${path} cannot be read: ${messageOf(error)}. ${withoutOne}`,
      { cause: error },
    );
  });
  return configLayer(text, path);
}

/** The same for the file's text. */
export function configLayer(text: string, file: string): Layer {
  const values = parseObject(text, file);
  const known = [...textOptions, ...allKnobs.map((knob) => knob.key)];
  const unknown = Object.keys(values).find((key) => !known.some((name) => name === key));
  if (unknown !== undefined) {
    throw new UserError("usage", `"${unknown}" in ${file} is not a setting. ${knownText(unknown, known)}`);
  }
  return readLayer(
    (knob) => (knob.key in values ? checkKnob(knob, values[knob.key], `${knob.key} in ${file}`) : undefined),
    (name) => textOf(values[name], `${name} in ${file}`),
  );
}

function parseObject(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    // Some editors put a byte order mark first, which JSON does not know.
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new UserError(
      "usage",
      `The configuration file ${file} is not JSON: ${messageOf(error)}. ${withoutOne}`,
      { cause: error },
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UserError("usage", `The configuration file ${file} must hold one JSON object, such as {}.`);
  }
  return Object.fromEntries(Object.entries(value));
}

function textOf(value: unknown, source: string): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw new UserError("usage", `${source} must be a text, not ${JSON.stringify(value)}.`);
}
