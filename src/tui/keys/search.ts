import { edit } from "../editor/editor.ts";
import { emptyEditor } from "../editor/state.ts";
import { movedInList, openedList, shownList } from "../lists/open.ts";
import { withoutList } from "../store/list.ts";
import { notify } from "../store/notices.ts";
import { update, type ChatState, type Update } from "../store/state.ts";
import type { KeyAction } from "./binding.ts";
import { withoutKnobRow } from "./knob-row.ts";

/**
 * Ctrl-R: looks for what is in the prompt among the messages sent before; pressed again, picks an older one. Where no list
 * opens it says what there is instead.
 */
export const search: KeyAction = (state) => {
  if (!state.popups) return update(notify(state, "Up and Down go through the messages sent before.", "dim"));
  if (state.search !== undefined) return olderFound(state);
  const { text, chips, killed } = state.editor;
  const asked = chips.length === 0 && !text.includes("\n") ? text : "";
  const editor = { ...emptyEditor, text: asked, cursor: asked.length, killed };
  return openedList({ ...withoutKnobRow(state), editor, search: { draft: state.editor } });
};

function olderFound(state: ChatState): Update {
  const shown = shownList(state);
  return update(shown === undefined ? state : movedInList(state, shown, -1));
}

/** Esc: the prompt is as it was. */
export const leaveSearch: KeyAction = inSearch((state, draft) =>
  update({ ...withoutSearch(state), editor: draft }),
);

/** Ctrl-D deletes in what is searched for; where that is empty it ends the search, not the chat. */
export const leaveEmptySearch: KeyAction = (state, context) =>
  state.editor.text === "" ? leaveSearch(state, context) : undefined;

/** Enter: the message that was picked comes into the prompt; undo brings back what was there. */
export const takeFound: KeyAction = inSearch((state, draft) => {
  const shown = shownList(state);
  const found = shown?.items[shown.at];
  if (found === undefined) return update(state);
  return update({ ...withoutSearch(state), editor: edit(draft, { type: "replace", text: found.text }) });
});

/** A key that means something else outside the search, typed into it. */
export const typeInSearch = (text: string): KeyAction =>
  inSearch((state) => openedList({ ...state, editor: edit(state.editor, { type: "insert", text }) }));

function withoutSearch(state: ChatState): ChatState {
  const { search: _, ...rest } = withoutList(state);
  return rest;
}

function inSearch(run: (state: ChatState, draft: ChatState["editor"]) => Update): KeyAction {
  return (state) => (state.search === undefined ? undefined : run(state, state.search.draft));
}
