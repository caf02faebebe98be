import {
  changeFromText,
  decodingKnobs,
  idleReason,
  strategies,
  takeOver,
  type DecodingSettings,
} from "../../engine/index.ts";
import { strategyAliases } from "../knobs/values.ts";
import { turnedOnce, type Direction } from "../knobs/steps.ts";
import { untrained } from "../knobs/trained.ts";
import { notify, sayOn } from "./notices.ts";
import { ownAnswer } from "./shown-answer.ts";
import { isAnswering, update, type ChatState, type Update } from "./state.ts";

type Change = Partial<DecodingSettings>;

/**
 * What was typed as a change: knobs, and the names that one may have as its value, by any beginning that only they have;
 * strategies by their short names too.
 * @throws UserError usage
 */
export function changeTyped(name: string, value: string): Change {
  const knob = knobTyped(name);
  if (knob === undefined) return changeFromText(name, value);
  const { range } = knob;
  const choices = range.kind === "choice" ? range.of : range.kind === "whole" ? [range.word ?? ""] : [];
  const aliases = knob.key === "strategy" ? strategyAliases : {};
  return changeFromText(knob.name, nameMeant(value.toLowerCase(), choices, aliases) ?? value);
}

/** The knob of that name, or the only one whose name begins so. */
export function knobTyped(name: string): (typeof decodingKnobs)[number] | undefined {
  const wanted = name.toLowerCase().replaceAll("_", "-");
  const starting = decodingKnobs.filter((knob) => knob.name.startsWith(wanted));
  return decodingKnobs.find((each) => each.name === wanted) ?? only(starting);
}

function nameMeant(value: string, choices: readonly string[], aliases: Readonly<Record<string, string>>) {
  if (value === "" || choices.includes(value)) return undefined;
  const meant = Object.entries(aliases).flatMap(([alias, name]) => (alias.startsWith(value) ? [name] : []));
  return only(choices.filter((choice) => choice.startsWith(value))) ?? only(meant);
}

const only = <Item>(items: readonly Item[]): Item | undefined => (items.length === 1 ? items[0] : undefined);

/** The settings that a pass runs with now, or that the last one ran with. */
export function settingsInForce({ answer, settings }: ChatState): DecodingSettings {
  return answer?.engine.settings ?? settings;
}

/** The same of the conversation alone: what is decoded beside it has settings that are not its own. */
function ownInForce({ answer, settings }: ChatState): DecodingSettings {
  return ownAnswer(answer)?.engine.settings ?? settings;
}

/** What turning a knob starts from: while the dial is on, what it has set. */
export function settingsAtHand(state: ChatState): DecodingSettings {
  return state.settings.doubt === "off" ? state.settings : ownInForce(state);
}

/** The same of one knob: two stay the user's while the dial is on, whatever passes have. */
export function settingsBehind(state: ChatState, key: keyof DecodingSettings): DecodingSettings {
  return key === "doubt" || key === "promptLookup" ? state.settings : settingsAtHand(state);
}

/** Changes knobs, of the running answer too. Who turns what the dial sets takes over from it. */
export function changeKnobs(state: ChatState, wish: Change): Update {
  const change = takeOver(wish, state.settings, ownInForce(state));
  return update({ ...state, settings: { ...state.settings, ...change } }, { type: "adjust", change });
}

/** The same, and says from when, or why not, and what of it the model was not trained for. */
export function turnKnob(state: ChatState, change: Change): Update {
  const { state: turned, effects } = changeKnobs(state, change);
  const warnings = untrained(turned.settings, state.model).filter(({ key }) => change[key] !== undefined);
  const changed = decodingKnobs.filter(({ key }) => change[key] !== undefined);
  const isIdle = changed.some(({ key }) => idleReason(key, turned.settings) !== undefined);
  const tookOver =
    state.settings.doubt !== "off" && turned.settings.doubt === "off" && change.doubt === undefined;
  const text = [
    changed.map((knob) => changeWords(state, change, knob, turned.settings)).join(", "),
    ...(tookOver ? ["the dial is off"] : []),
    ...warnings.map(({ sentence }) => sentence),
  ].join("; ");
  return { state: notify(turned, text, warnings.length > 0 || isIdle ? "warning" : "dim"), effects };
}

/** Says on the page what of the settings the model was not trained for: at the start, or with another model. */
export function sayUntrained(state: ChatState): ChatState {
  const sentences = untrained(state.settings, state.model).map(({ sentence }) => sentence);
  return sentences.length === 0 ? state : sayOn(state, `Note: ${sentences.join("; ")}.`, "warning");
}

/** What a change sets a knob to, and from when it counts, if it does. */
function changeWords(
  state: ChatState,
  change: Change,
  { key, name }: (typeof decodingKnobs)[number],
  turned: DecodingSettings,
): string {
  const idle = idleReason(key, turned);
  return `${name} ${change[key]}${idle === undefined ? whenText(state, change, key) : `: ${idle}`}`;
}

const opensWithBlock = new Set<keyof DecodingSettings>([
  "blockLength",
  "denoisingSteps",
  "draftThreshold",
  "lookaheadThreshold",
  "hedgeThreshold",
  "promptLookup",
]);

/** See DecodingSettings for when a change counts. */
function whenText(state: ChatState, change: Partial<DecodingSettings>, key: keyof DecodingSettings): string {
  if (!isAnswering(state)) return "";
  if (key === "seed" || state.answer?.aside !== undefined) return " from the next answer";
  const speculating = [state.settings.strategy, change.strategy].includes("self_speculative");
  const atBlock = opensWithBlock.has(key) || (key === "strategy" && speculating);
  return atBlock ? " from the next block" : " from the next step";
}

/** What one turn of a knob changes; undefined at the end of its range. */
export function turnedBy(
  state: ChatState,
  key: keyof DecodingSettings,
  direction: Direction,
): Change | undefined {
  const settings = settingsBehind(state, key);
  const knob = decodingKnobs.find((each) => each.key === key);
  const next = knob && turnedOnce(knob, settings[key], direction);
  return next === undefined || next === settings[key] ? undefined : { [key]: next };
}

export function nextStrategy(state: ChatState): Change {
  const { strategy } = settingsAtHand(state);
  return { strategy: strategies[(strategies.indexOf(strategy) + 1) % strategies.length] ?? strategy };
}

/** The bound of the strategy in use, one turn up or down. */
export function nextBound(state: ChatState, direction: Direction): Change | undefined {
  const { strategy } = settingsAtHand(state);
  if (strategy === "self_speculative") return turnedBy(state, "draftThreshold", direction);
  return turnedBy(state, strategy === "entropy_bounded" ? "entropyBudget" : "threshold", direction);
}
