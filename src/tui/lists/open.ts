import { edit } from "../editor/editor.ts";
import { withoutList } from "../store/list.ts";
import { update, type ChatState, type Update } from "../store/state.ts";
import type { Choice } from "./choice.ts";
import { sourceAt, type Source } from "./source.ts";

/** The list that is open above the prompt. */
export interface ShownList extends Source {
  /** index of the picked item; -1: what was typed counts as it is */
  readonly at: number;
}

/** The list above the prompt, if one is open and has something to show. */
export function shownList(state: ChatState): ShownList | undefined {
  const { list, editor } = state;
  const isOf = list !== undefined && list.text === editor.text && list.cursor === editor.cursor;
  if (!isOf && state.search === undefined) return undefined;
  const source = sourceAt(state);
  if (source === undefined || (source.items.length === 0 && source.title === undefined)) return undefined;
  return {
    ...source,
    at: Math.min((isOf ? list.at : undefined) ?? firstPicked(source), source.items.length - 1),
  };
}

function firstPicked({ picked, items }: Source): number {
  if (picked === "none") return -1;
  return picked === "first" ? 0 : items.length - 1;
}

/** Opens the list that belongs to the prompt after a change of its text, or closes the one that no longer does. */
export function openedList(state: ChatState): Update {
  const source = state.popups ? sourceAt(state) : undefined;
  if (source === undefined) return update(withoutList(state));
  const { text, cursor } = state.editor;
  const opened: ChatState = { ...state, list: { of: source.of, text, cursor } };
  if (source.needs === undefined || state.list?.of === source.of) return update(opened);
  return update(opened, source.needs);
}

/** Picks the item `by` rows further down; the ends meet. */
export function movedInList(state: ChatState, shown: ShownList, by: number): ChatState {
  const { length } = shown.items;
  if (length === 0) return state;
  const from = shown.at === -1 && by < 0 ? 0 : shown.at;
  const at = Math.abs(by) > 1 ? Math.min(length - 1, Math.max(0, from + by)) : (from + by + length) % length;
  const { text, cursor } = state.editor;
  return { ...state, list: { of: shown.of, text, cursor, at } };
}

/** Puts an item into the prompt, in place of what was typed for it. */
export function takenFromList(state: ChatState, { from, to }: ShownList, { text }: Choice): ChatState {
  const editor = edit(state.editor, { type: "splice", from, to, text });
  return { ...withoutList(state), editor };
}
