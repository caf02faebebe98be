import { decodingKnobs } from "../../engine/index.ts";
import { UserError } from "../../errors.ts";
import { knobsInOrder, pickedKnob, type KnobRow } from "../knobs/row-state.ts";
import type { Direction } from "../knobs/steps.ts";
import { mayBegin } from "../knobs/values.ts";
import { changeKnobs, changeTyped, turnedBy } from "../store/knobs.ts";
import { notify, withoutNotice } from "../store/notices.ts";
import { isAnswering, update, type ChatState, type Update } from "../store/state.ts";
import type { KeyAction } from "./binding.ts";

/** A value longer than this is none. */
const longestValue = 24;

/** Tab on an empty prompt: the knobs in the place of the status; picked is the one that decides most. */
export const openKnobRow: KeyAction = (state) => {
  if (state.editor.text !== "" || state.knobRow !== undefined) return undefined;
  if (!state.popups) return update(notify(state, "/set lists the knobs and turns them.", "dim"));
  const [first = decodingKnobs[0]] = knobsInOrder(state.settings);
  return first === undefined ? undefined : update(withRow(state, { picked: first.key, typed: "" }));
};

const withRow = (state: ChatState, knobRow: KnobRow): ChatState => ({ ...state, knobRow });

export function withoutKnobRow(state: ChatState): ChatState {
  const { knobRow: _, ...rest } = state;
  return rest;
}

/** A key's action while the row is open; else the key is for something else. */
export function inKnobRow(run: (state: ChatState, row: KnobRow) => Update): KeyAction {
  return (state) => (state.knobRow === undefined ? undefined : run(state, state.knobRow));
}

export const closeKnobRow = inKnobRow((state) => update(withoutKnobRow(state)));

/** Esc: forgets what was typed, else closes. */
export const escapeKnobRow = inKnobRow((state, row) =>
  update(row.typed === "" ? withoutKnobRow(state) : withRow(state, { ...row, typed: "" })),
);

/** Ctrl-C does the same, unless there is an answer to stop. */
export const interruptKnobRow: KeyAction = (state, context) =>
  isAnswering(state) ? undefined : escapeKnobRow(state, context);

/** Enter: takes what was typed; without any, closes. */
export const enterKnobRow = inKnobRow((state, row) =>
  row.typed === "" ? update(withoutKnobRow(state)) : takeTyped(state, row),
);

/** What is no value is said, and stays to be put right. */
function takeTyped(state: ChatState, row: KnobRow): Update {
  const name = pickedKnob(row)?.name ?? row.picked;
  try {
    const { state: changed, effects } = changeKnobs(state, changeTyped(name, row.typed));
    return { state: withRow(withoutNotice(changed), { ...row, typed: "" }), effects };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return update(notify(state, error.message, "error"));
  }
}

/** The next knob to the left or right; what was typed is taken first. */
export const pickKnob = (direction: Direction): KeyAction =>
  inKnobRow((state, row) => {
    const { state: taken, effects } = row.typed === "" ? update(state) : takeTyped(state, row);
    if (taken.knobRow?.typed !== "") return { state: taken, effects };
    const order = knobsInOrder(taken.settings);
    const at = order.findIndex(({ key }) => key === row.picked) + direction;
    const next = order[Math.min(order.length - 1, Math.max(0, at))];
    return { state: withRow(taken, { picked: next?.key ?? row.picked, typed: "" }), effects };
  });

export const turnPicked = (direction: Direction): KeyAction =>
  inKnobRow((state, row) => {
    const change = turnedBy(state, row.picked, direction);
    return change === undefined ? update(state) : changeKnobs(withRow(state, { ...row, typed: "" }), change);
  });

export const eraseTyped = inKnobRow((state, row) =>
  update(withRow(state, { ...row, typed: row.typed.slice(0, -1) })),
);

/**
 * Typed text while the row is open: a value for the picked knob; p, where no value has begun, turns the dial. What can
 * be no value is for the prompt, with what was typed before: undefined.
 */
export function typeInKnobRow(state: ChatState, text: string): Update | undefined {
  const row = state.knobRow;
  const knob = row && pickedKnob(row);
  if (row === undefined || knob === undefined) return undefined;
  if (row.typed === "" && text === "p") return turnDial(state);
  const typed = row.typed + text;
  if (typed.length > longestValue || !mayBegin(knob, typed)) return undefined;
  return update(withRow(state, { ...row, typed }));
}

function turnDial(state: ChatState): Update {
  const change = turnedBy(state, "doubt", 1);
  return change === undefined ? update(state) : changeKnobs(state, change);
}
