import { changeFromText, decodingKnobs, strategies, type DecodingSettings } from "../../engine/index.ts";
import { notify } from "./notices.ts";
import { isAnswering, update, type ChatState, type Update } from "./state.ts";

/** Short names of strategies that a person types. */
const strategyAliases: Readonly<Record<string, string>> = {
  static: "low_confidence_static",
  dynamic: "low_confidence_dynamic",
  entropy: "entropy_bounded",
  speculative: "self_speculative",
};

/**
 * What was typed as a change: knobs by any beginning of their name that only they have, strategies by their short
 * names too.
 * @throws UserError usage
 */
export function changeTyped(name: string, value: string): Partial<DecodingSettings> {
  const wanted = name.toLowerCase().replaceAll("_", "-");
  const starting = decodingKnobs.filter((knob) => knob.name.startsWith(wanted));
  const [only] = starting;
  const exact = starting.length === 1 && only !== undefined ? only.name : name;
  return changeFromText(exact, exact === "strategy" ? (strategyAliases[value] ?? value) : value);
}

/** Changes knobs, of the running answer too, and says from when. */
export function turnKnob(state: ChatState, change: Partial<DecodingSettings>): Update {
  const knobs = decodingKnobs.filter((knob) => change[knob.key] !== undefined);
  const words = knobs.map((knob) => `${knob.name} ${change[knob.key]}${whenText(state, change, knob.key)}`);
  const turned = { ...state, settings: { ...state.settings, ...change } };
  return update(notify(turned, words.join(", "), "dim"), { type: "adjust", change });
}

/** See DecodingSettings for when a change counts. */
function whenText(state: ChatState, change: Partial<DecodingSettings>, key: keyof DecodingSettings): string {
  if (!isAnswering(state)) return "";
  if (key === "seed") return " from the next answer";
  const speculating = [state.settings.strategy, change.strategy].includes("self_speculative");
  const atBlock = key === "blockLength" || key === "denoisingSteps" || (key === "strategy" && speculating);
  return atBlock ? " from the next block" : " from the next step";
}

const blockLengths = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** The next larger (1) or smaller (-1) block length of the usual ones. */
export function nextBlockLength(
  { settings }: ChatState,
  direction: -1 | 1,
): Partial<DecodingSettings> | undefined {
  const next =
    direction > 0
      ? blockLengths.find((length) => length > settings.blockLength)
      : blockLengths.findLast((length) => length < settings.blockLength);
  return next === undefined ? undefined : { blockLength: next };
}

export function nextStrategy({ settings }: ChatState): Partial<DecodingSettings> {
  const at = strategies.indexOf(settings.strategy);
  return { strategy: strategies[(at + 1) % strategies.length] ?? settings.strategy };
}

/** The bound of the strategy in use, .05 up or down. */
export function nextBound({ settings }: ChatState, direction: -1 | 1): Partial<DecodingSettings> {
  const moved = (value: number, most: number) =>
    Math.round(Math.min(most, Math.max(0, value + direction * 0.05)) * 100) / 100;
  if (settings.strategy === "self_speculative") return { draftThreshold: moved(settings.draftThreshold, 1) };
  if (settings.strategy === "entropy_bounded") return { entropyBudget: moved(settings.entropyBudget, 100) };
  return { threshold: moved(settings.threshold, 1) };
}
