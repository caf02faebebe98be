import { decodingKnobs, idleReason, isDrawn, type DecodingSettings } from "../engine/index.ts";
import { commandLineLayer } from "./options.ts";

/**
 * Sentences about knobs that the command line turns and the strategy makes nothing of. A seed at temperature 0 is left
 * alone: scripts give one in any case.
 */
export function idleNotes(options: Readonly<Record<string, unknown>>, settings: DecodingSettings): string[] {
  if (settings.doubt !== "off") return [];
  const { decoding } = commandLineLayer(options);
  return decodingKnobs.flatMap(({ key, name }) => {
    const reason = decoding[key] === undefined ? undefined : idleReason(key, settings);
    return reason === undefined || isDrawn(key, settings) ? [] : [`--${name} has ${reason}.`];
  });
}
