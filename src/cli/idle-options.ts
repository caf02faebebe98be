import { decodingKnobs, idleReason, isDrawn, turnsByHand, type DecodingSettings } from "../engine/index.ts";
import { commandLineLayer } from "./options.ts";

/**
 * Sentences about knobs that the command line turns and the dial or the strategy makes nothing of. A seed at temperature 0
 * is left alone: scripts give one in any case.
 */
export function idleNotes(options: Readonly<Record<string, unknown>>, settings: DecodingSettings): string[] {
  const { decoding } = commandLineLayer(options);
  return decodingKnobs.flatMap(({ key, name }) => {
    const reason = decoding[key] === undefined ? undefined : reasonOf(key, settings);
    return reason === undefined ? [] : [`--${name} has ${reason}.`];
  });
}

function reasonOf(key: keyof DecodingSettings, settings: DecodingSettings): string | undefined {
  const { doubt } = settings;
  if (doubt === "off") return isDrawn(key, settings) ? undefined : idleReason(key, settings);
  return turnsByHand({ [key]: settings[key] })
    ? `no effect while the dial is on (--doubt ${doubt})`
    : undefined;
}
