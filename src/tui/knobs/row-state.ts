import { decodingKnobs, knobCounts, type DecodingSettings, type Knob } from "../../engine/index.ts";

type DecodingKnob = Knob<keyof DecodingSettings>;

/** The row of knobs under the prompt. */
export interface KnobRow {
  readonly picked: keyof DecodingSettings;
  /** the beginning of a value */
  readonly typed: string;
}

/** Every knob of a decoding, those that count as the others stand first. */
export function knobsInOrder(settings: DecodingSettings): readonly DecodingKnob[] {
  const counts = ({ key }: DecodingKnob) => knobCounts(key, settings);
  return [...decodingKnobs.filter(counts), ...decodingKnobs.filter((knob) => !counts(knob))];
}

export function pickedKnob({ picked }: KnobRow): DecodingKnob | undefined {
  return decodingKnobs.find(({ key }) => key === picked);
}
