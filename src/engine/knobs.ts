import { UserError } from "../errors.ts";
import { kebab } from "../kebab.ts";
import { knownText } from "../nearest.ts";
import { devices, type EngineOptions } from "./engine.ts";
import { doubts, strategies, type DecodingSettings } from "./settings.ts";

/** What a knob accepts. Numbers lie in min..max, both included; without `max` there is no upper end. */
export type KnobRange =
  | {
      readonly kind: "choice";
      readonly of: readonly string[];
      /** values that one could expect, and why they are none */
      readonly refused?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "number";
      readonly min: number;
      readonly max?: number;
      /** 0 is a value too, though it lies below `min` */
      readonly orZero?: true;
      /** what one turn adds or takes; default .05 */
      readonly step?: number;
    }
  | {
      readonly kind: "whole";
      readonly min: number;
      readonly max?: number;
      /** a word that may stand instead of a number */
      readonly word?: string;
      /** one turn goes to the next power of two; default: one more or less */
      readonly doubles?: true;
    }
  /** on or off; `usual` is what counts where nothing is said */
  | { readonly kind: "switch"; readonly usual: boolean };

/**
 * One setting as every edge of the program knows it: command line (`--` + name), environment (SDAR_CHAT_ + NAME),
 * configuration file (key), `/set name value` and the documentation all come from this one row.
 */
export interface Knob<Key extends string = string> {
  readonly key: Key;
  /** as typed by a person: kebab-case */
  readonly name: string;
  /** what stands for the value in a usage line */
  readonly placeholder: string;
  readonly range: KnobRange;
  readonly help: string;
}

export type KnobValue = string | number | boolean;

/** Knobs of a decoding, in the order in which they are listed; `/set` knows these. */
export const decodingKnobs: readonly Knob<keyof DecodingSettings>[] = knobsOf([
  {
    key: "doubt",
    placeholder: "name",
    range: { kind: "choice", of: doubts },
    help: "the dial: wrong tokens allowed, none, about 1, 3 or 10%; sets strategy, blocks and thresholds while it decodes; off: by hand",
  },
  {
    key: "strategy",
    placeholder: "name",
    range: { kind: "choice", of: strategies },
    help: "how the positions to unmask are chosen",
  },
  {
    key: "blockLength",
    placeholder: "n",
    range: { kind: "whole", min: 1, max: 256, doubles: true },
    help: "positions decoded together",
  },
  {
    key: "denoisingSteps",
    placeholder: "n",
    range: { kind: "whole", min: 1, max: 256, word: "block_length" },
    help: "denoising steps planned for a block; block_length: one position a step",
  },
  {
    key: "threshold",
    placeholder: "p",
    range: { kind: "number", min: 0, max: 1 },
    help: "low_confidence_dynamic: unmask every position surer than this",
  },
  {
    key: "entropyBudget",
    placeholder: "nats",
    range: { kind: "number", min: 0 },
    help: "entropy_bounded: unmask while the sum of entropies stays below this",
  },
  {
    key: "draftThreshold",
    placeholder: "p",
    range: { kind: "number", min: 0, max: 1 },
    help: "self_speculative: guess on while all guesses are right with more than this chance",
  },
  {
    key: "lookaheadThreshold",
    placeholder: "p",
    range: { kind: "number", min: 0 },
    help: "self_speculative: guess behind guesses that are right with at least this chance",
  },
  {
    key: "hedgeThreshold",
    placeholder: "p",
    range: { kind: "number", min: 0 },
    help: "self_speculative: guess for the case that a guess is wrong if that has at least this chance",
  },
  {
    key: "promptLookup",
    placeholder: "n",
    range: { kind: "whole", min: 0, max: 64 },
    help: "self_speculative: so many guesses at most from where the text ran so before; 0: none",
  },
  {
    key: "temperature",
    placeholder: "t",
    // Below 0.01 nothing changes any more, and far below it the scores leave the range of 32 bits.
    range: { kind: "number", min: 0.01, max: 100, orZero: true, step: 0.1 },
    help: "0: always the most probable token; above: draw, more freely the higher",
  },
  {
    key: "topK",
    placeholder: "k",
    range: { kind: "whole", min: 0 },
    help: "draw among the k most probable tokens; 0: off",
  },
  {
    key: "topP",
    placeholder: "p",
    range: { kind: "number", min: 0, max: 1 },
    help: "draw among the fewest tokens whose probability reaches this; 1: off",
  },
  {
    key: "seed",
    placeholder: "n",
    range: { kind: "whole", min: 0, max: 0xffff_ffff },
    help: "the same seed and settings give the same text on one device",
  },
  {
    key: "maxTokens",
    placeholder: "n",
    range: { kind: "whole", min: 1, doubles: true },
    help: "tokens of a reply at most",
  },
  {
    key: "autoBlocks",
    placeholder: "which",
    range: { kind: "choice", of: ["trained", "any"] },
    help: "block lengths that the dial may choose: those the model was trained at, or any",
  },
]);

const cacheLeaves =
  "through it the keys and values would have to leave the device in every pass; webgpu runs on the same GPU and keeps them there.";
const refusedDevices = { cuda: cacheLeaves, directml: cacheLeaves, dml: cacheLeaves };

/** Knobs of the engine's start. */
export const engineKnobs: readonly Knob<keyof EngineOptions>[] = knobsOf([
  {
    key: "device",
    placeholder: "name",
    range: { kind: "choice", of: ["auto", ...devices], refused: refusedDevices },
    help: "where the model runs; webgpu: a GPU; auto: a GPU that computes right and faster, else the CPU",
  },
  {
    key: "threads",
    placeholder: "n",
    range: { kind: "whole", min: 0, max: 256 },
    help: "threads of a pass; 0: one a physical core",
  },
]);

function knobsOf<Key extends string>(rows: readonly Omit<Knob<Key>, "name">[]): readonly Knob<Key>[] {
  return rows.map((row) => ({ ...row, name: kebab(row.key) }));
}

/** The range in words, as errors and tables show it: "0..1", "1..256 or block_length", "auto | cpu". */
export function rangeText({ range }: Knob): string {
  if (range.kind === "choice") return range.of.join(" | ");
  if (range.kind === "switch") return "true | false";
  const numbers = range.max === undefined ? `${range.min} or more` : `${range.min}..${range.max}`;
  if (range.kind === "number") return range.orZero ? `0 or ${numbers}` : numbers;
  return range.word === undefined ? numbers : `${numbers} or ${range.word}`;
}

/**
 * Accepts a value of the right type for the knob, as a configuration file holds it.
 * @param source names the knob in the error: "--threshold", "SDAR_CHAT_THRESHOLD", "threshold in FILE"
 * @throws UserError usage
 */
export function checkKnob(knob: Knob, value: unknown, source: string): KnobValue {
  if (accepts(knob.range, value)) return value;
  const kinds = { choice: "one of", switch: "one of", whole: "a whole number,", number: "a number," };
  const wanted = `${kinds[knob.range.kind]} ${rangeText(knob)}`;
  const why = knob.range.kind === "choice" ? knob.range.refused?.[String(value)] : undefined;
  const reason = why === undefined ? "." : `: ${why}`;
  throw new UserError("usage", `${source} must be ${wanted}, not ${JSON.stringify(value)}${reason}`);
}

/** Checks every setting that is there. @throws UserError usage */
export function checkSettings(settings: Partial<DecodingSettings>): void {
  for (const knob of decodingKnobs) {
    const value = settings[knob.key];
    if (value !== undefined) checkKnob(knob, value, knob.name);
  }
}

/** The same for a value that was typed. @throws UserError usage */
export function knobFromText(knob: Knob, text: string, source: string): KnobValue {
  return checkKnob(knob, valueOfText(knob.range, text.trim()), source);
}

/** `/set name value` as a change of settings; name in kebab-case or as the key. @throws UserError usage */
export function changeFromText(name: string, text: string): Partial<DecodingSettings> {
  const knob = decodingKnobs.find((each) => each.name === name || each.key === name);
  if (knob === undefined) {
    const names = decodingKnobs.map((each) => each.name);
    throw new UserError("usage", `There is no setting "${name}". ${knownText(name, names)}`);
  }
  return { [knob.key]: knobFromText(knob, text, knob.name) };
}

/** Text that is no value of the right type stays text, for the error to show. */
function valueOfText({ kind }: KnobRange, text: string): KnobValue {
  if (kind === "choice") return text;
  if (kind === "switch") return text === "true" ? true : text === "false" ? false : text;
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text));
  return isNumber ? Number(text) : text;
}

function accepts(range: KnobRange, value: unknown): value is KnobValue {
  if (range.kind === "choice") return typeof value === "string" && range.of.includes(value);
  if (range.kind === "switch") return typeof value === "boolean";
  if (typeof value === "string") return range.kind === "whole" && value === range.word;
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  if (range.kind === "whole" && !Number.isSafeInteger(value)) return false;
  if (range.kind === "number" && range.orZero && value === 0) return true;
  return value >= range.min && value <= (range.max ?? Infinity);
}
