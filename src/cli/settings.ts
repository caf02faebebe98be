import {
  decodingKnobs,
  defaultSettings,
  engineKnobs,
  turnsByHand,
  type DecodingSettings,
  type EngineOptions,
  type Knob,
  type KnobValue,
} from "../engine/index.ts";
import type { ModelConfig } from "../model/index.ts";
import { screenKnobs, type ScreenSettings } from "./screen-knobs.ts";

/** What one source of settings says. */
export interface Layer {
  /** a model folder: path or name */
  readonly model?: string;
  /** system prompt */
  readonly system?: string;
  readonly engine: Partial<EngineOptions>;
  readonly decoding: Partial<DecodingSettings>;
  readonly screen: Partial<ScreenSettings>;
}

/** What all sources say together; the decoding is complete only on top of a model's own defaults. */
export interface ChosenSettings {
  /** path or name; absent: the embedded model */
  readonly model?: string;
  readonly system?: string;
  readonly engine: EngineOptions;
  readonly decoding: Partial<DecodingSettings>;
  readonly screen: Partial<ScreenSettings>;
}

/** Every knob there is, in the order in which they are listed. */
export const allKnobs: readonly Knob[] = [...engineKnobs, ...decodingKnobs, ...screenKnobs];

/** Options of the program besides the knobs: the same names in every source. */
export const textOptions = ["model", "system"] as const;

/**
 * Reads a layer.
 * @param lookup the checked value of a knob, if the source has one
 * @param text the value of one of `textOptions`
 */
export function readLayer(
  lookup: (knob: Knob) => KnobValue | undefined,
  text: (name: (typeof textOptions)[number]) => string | undefined,
): Layer {
  const [model, system] = textOptions.map(text);
  return {
    ...(model === undefined ? {} : { model }),
    ...(system === undefined ? {} : { system }),
    engine: readKnobs(engineKnobs, lookup),
    decoding: withDial(readKnobs(decodingKnobs, lookup)),
    screen: readKnobs(screenKnobs, lookup),
  };
}

/** Who sets by hand what the dial would, and does not name the dial, wants it off. */
function withDial(decoding: Partial<DecodingSettings>): Partial<DecodingSettings> {
  return decoding.doubt === undefined && turnsByHand(decoding) ? { ...decoding, doubt: "off" } : decoding;
}

function readKnobs(knobs: readonly Knob[], lookup: (knob: Knob) => KnobValue | undefined) {
  const found = knobs.map((knob) => [knob.key, lookup(knob)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

/** Lays the sources over each other; later ones win: configuration file, environment, command line. */
export function chooseSettings(layers: readonly Layer[]): ChosenSettings {
  const texts = layers.map(({ engine: _engine, decoding: _decoding, screen: _screen, ...rest }) => rest);
  return {
    ...Object.assign({}, ...texts),
    engine: Object.assign({ device: "auto", threads: 0 }, ...layers.map((layer) => layer.engine)),
    decoding: Object.assign({}, ...layers.map((layer) => layer.decoding)),
    screen: Object.assign({}, ...layers.map((layer) => layer.screen)),
  };
}

/** Where a chat's dial stands unless something else was chosen; elsewhere it is off. */
export const chatDial = { doubt: "balanced" } as const satisfies Partial<DecodingSettings>;

/** Built-in defaults, on them the model folder's own, on them what was chosen. */
export function decodingFor(
  model: Pick<ModelConfig, "blockLength" | "defaults">,
  chosen: Partial<DecodingSettings>,
): DecodingSettings {
  return Object.assign(defaultSettings(model.blockLength), model.defaults, chosen);
}
