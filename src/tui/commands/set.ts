import { decodingKnobs, defaultSettings, rangeText, type Knob } from "../../engine/index.ts";
import { UserError } from "../../errors.ts";
import type { Choice, Choices } from "../lists/choice.ts";
import { byLabel, byWords } from "../lists/matching.ts";
import { untrained } from "../knobs/trained.ts";
import { changeTyped, knobTyped, turnKnob } from "../store/knobs.ts";
import { noteOn } from "../store/notices.ts";
import { update, type ChatState, type NoteLine, type Update } from "../store/state.ts";
import { piece } from "../text/row.ts";
import type { Command } from "./command.ts";

type DecodingKnob = (typeof decodingKnobs)[number];

/** @param all commands: what one of them turns is no knob */
export const set = (all: () => readonly Command[]): Command => ({
  name: "set",
  arguments: "[knob value]",
  help: "turn a knob, also while an answer is being decoded; alone: list the knobs",
  run: (state, argument) => setKnob(state, argument, all()),
  values: (state, typed) => {
    const [name = "", ...rest] = typed.split(/[\s=]+/);
    if (rest.length === 0) return knobNames(state, name);
    const knob = knobTyped(name);
    // Behind a name that is none a value may stand: no other name takes the place of both.
    return knob === undefined ? { items: [], picked: "none" } : valuesOf(state, knob, rest.join(" "));
  },
});

function setKnob(state: ChatState, argument: string, all: readonly Command[]): Update {
  if (argument === "") return update(noteOn(state, knobLines(state)));
  const [name = "", ...rest] = argument.split(/[\s=]+/);
  const other = all.find((each) => each.name === name && each.name !== "set");
  if (other !== undefined && !decodingKnobs.some((knob) => knob.name.startsWith(name))) {
    const line = [`/${name}`, ...rest].join(" ");
    throw new UserError("usage", `${name} is no setting but a command: ${line}`);
  }
  if (rest.length === 0)
    throw new UserError("usage", `Say a value too: /set ${name} VALUE. /set alone lists all.`);
  return turnKnob(state, changeTyped(name, rest.join(" ")));
}

function knobLines({ settings, model: facts }: ChatState): NoteLine[] {
  const warnings = untrained(settings, facts);
  const names = Math.max(...decodingKnobs.map((knob) => knob.name.length));
  // A long name of a strategy may stand out: beside it the others keep their text in the same row.
  const short = decodingKnobs.filter(({ range }) => range.kind !== "choice");
  const values = Math.max(...short.map((knob) => String(settings[knob.key]).length));
  return decodingKnobs.map((knob) => ({
    lead: [
      piece(knob.name.padEnd(names + 2)),
      piece(String(settings[knob.key]).padEnd(values + 2), "strong"),
    ],
    text: [
      piece(`${knob.help} (${rangeText(knob)})`, "dim"),
      ...warnings.flatMap(({ key, sentence }) =>
        key === knob.key ? [piece(`; ${sentence}`, "warning")] : [],
      ),
    ],
  }));
}

function knobNames({ settings }: ChatState, typed: string): Choices {
  const names = decodingKnobs.map((knob): Choice => ({
    label: knob.name,
    detail: `${settings[knob.key]}  ${knob.help}`,
    text: `${knob.name} `,
    onEnter: "more",
  }));
  return { items: byWords(names, typed), picked: "first" };
}

/** Numbers are suggestions: what is typed counts, unless one is picked. */
function valuesOf(state: ChatState, knob: DecodingKnob, typed: string): Choices {
  const values = suggested(knob).map((value): Choice => ({
    label: String(value),
    detail: valueWords(state, knob, value),
    text: `${knob.name} ${value}`,
    onEnter: "run",
  }));
  return { items: byLabel(values, typed), picked: knob.range.kind === "choice" ? "first" : "none" };
}

function valueWords({ settings, model }: ChatState, knob: DecodingKnob, value: string | number): string {
  const words = [
    ...(settings[knob.key] === value ? ["now"] : []),
    ...(knob.key !== "blockLength" && defaultSettings(0)[knob.key] === value ? ["default"] : []),
    ...(untrained({ ...settings, [knob.key]: value }, model).some(({ key }) => key === knob.key)
      ? ["not what the model was trained at"]
      : []),
  ];
  return words.join(", ");
}

/** A few values of a range that make a difference. */
const usual: Readonly<Record<string, readonly (string | number)[]>> = {
  blockLength: [1, 2, 4, 8, 16, 32, 64],
  denoisingSteps: ["block_length", 1, 2, 4, 8],
  threshold: [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99],
  entropyBudget: [0.1, 0.2, 0.35, 0.5, 0.7, 1, 2],
  draftThreshold: [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9],
  lookaheadThreshold: [0, 0.25, 0.5, 0.75, 2],
  hedgeThreshold: [0, 0.1, 0.25, 0.5, 2],
  promptLookup: [0, 4, 8, 16, 32],
  temperature: [0, 0.2, 0.5, 0.7, 1, 1.3],
  topK: [0, 10, 20, 50, 100],
  topP: [0.5, 0.8, 0.9, 0.95, 1],
  seed: [0, 1, 2, 3],
  maxTokens: [64, 128, 256, 512, 1024, 2048, 4096],
};

const suggested = ({ key, range }: Knob): readonly (string | number)[] =>
  range.kind === "choice" ? range.of : (usual[key] ?? []);
