import { edit } from "../editor/editor.ts";
import type { Choice } from "../lists/choice.ts";
import { movedInList, openedList, shownList, takenFromList, type ShownList } from "../lists/open.ts";
import { withoutList } from "../store/list.ts";
import { update, type ChatState, type Update } from "../store/state.ts";
import type { KeyAction } from "./binding.ts";
import { send } from "./prompt.ts";

/** Rows that PageUp and PageDown go. */
const page = 7;

/** Up, Down and their kin: pick another item. */
export function inList(direction: -1 | 1, rows: 1 | typeof page = 1): KeyAction {
  return whileOpen((state, shown) => update(movedInList(state, shown, direction * rows)));
}

export const pageInList = (direction: -1 | 1): KeyAction => inList(direction, page);

/** Esc: what was typed stays. */
export const closeList: KeyAction = whileOpen((state) => update(withoutList(state)));

/** Enter: takes the picked item, and runs the prompt where that makes a whole command of it. */
export const enterInList: KeyAction = whileOpen((state, shown) => {
  const item = shown.items[shown.at];
  if (item === undefined || (item.onEnter === "stay" && isTyped(state, shown, item))) return undefined;
  const taken = takenFromList(state, shown, item);
  return item.onEnter === "run" ? send(taken, shown.passing !== true) : openedList(taken);
});

/**
 * Tab: puts the picked item, or else the first, into the prompt; where no list is open, a chip at the cursor becomes its
 * text, or else the list opens that belongs there.
 */
export function complete(state: ChatState): Update {
  const opened = shownList(state);
  if (opened !== undefined) return completed(state, opened);
  const expanded = edit(state.editor, { type: "expand" });
  if (expanded !== state.editor) return update({ ...state, editor: expanded });
  const { state: next, effects } = openedList(state);
  const shown = shownList(next);
  return shown?.items.length === 1 ? completed(next, shown) : { state: next, effects };
}

function completed(state: ChatState, shown: ShownList): Update {
  const item = shown.items[Math.max(0, shown.at)];
  if (item === undefined) return update(state);
  const isCommand = shown.of === "/";
  return openedList(takenFromList(state, shown, isCommand ? { ...item, text: `${item.text} ` } : item));
}

function isTyped({ editor }: ChatState, { from, to }: ShownList, { text }: Choice): boolean {
  return editor.text.slice(from, to) === text.trimEnd();
}

function whileOpen(run: (state: ChatState, shown: ShownList) => Update | undefined): KeyAction {
  return (state) => {
    const shown = shownList(state);
    return shown === undefined ? undefined : run(state, shown);
  };
}
