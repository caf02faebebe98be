import { isCommand, runCommand } from "../commands/run.ts";
import { canMove } from "../editor/layout.ts";
import { edit, emptyEditor, type EditorAction } from "../editor/editor.ts";
import { recall, remember } from "../editor/history.ts";
import { openedList } from "../lists/open.ts";
import { withoutList } from "../store/list.ts";
import { submit } from "../store/sending.ts";
import { notify } from "../store/notices.ts";
import { update, type ChatState, type Update } from "../store/state.ts";
import type { KeyAction, KeyContext } from "./binding.ts";
import { withoutKnobRow } from "./knob-row.ts";

export function editing(action: EditorAction): KeyAction {
  return (state) => update({ ...state, editor: edit(state.editor, action) });
}

/** The same for what changes the text as typing does: the list that belongs to it opens. */
export function changing(action: EditorAction): KeyAction {
  return (state) => openedList({ ...state, editor: edit(state.editor, action) });
}

/** Types a text at the cursor. */
export function typed(state: ChatState, text: string): Update {
  return openedList({ ...state, editor: edit(state.editor, { type: "insert", text }) });
}

/** Enter: a backslash before it makes a new line; a command runs; a message goes, or waits for its turn. */
export function enter(state: ChatState): Update {
  const { text, cursor } = state.editor;
  if (text[cursor - 1] === "\\" && cursor === text.length) {
    const without = edit(state.editor, { type: "backspace" });
    return update({ ...state, editor: edit(without, { type: "insert", text: "\n" }) });
  }
  return send(state);
}

/** Runs the command in the prompt, or sends the message. @param kept up brings it back later */
export function send(state: ChatState, kept = true): Update {
  const message = state.editor.text.trim();
  if (message === "") return update(state);
  const history = kept ? remember(state.history, message) : state.history;
  const remembered: ChatState = { ...withoutList(state), history };
  const { state: next, effects } = isCommand(message)
    ? runCommand(remembered, message)
    : submit({ ...remembered, editor: { ...emptyEditor, killed: state.editor.killed } }, message);
  const isNew = history.entries !== state.history.entries;
  return { state: next, effects: isNew ? [{ type: "remember", text: message }, ...effects] : effects };
}

/** Up and down: inside the prompt, then through what was queued and sent before. */
export function vertically(direction: -1 | 1): KeyAction {
  return (state, { width }: KeyContext) => {
    const { editor, queue } = state;
    if (canMove(editor, direction, width)) {
      return update({ ...state, editor: edit(editor, { type: direction < 0 ? "up" : "down", width }) });
    }
    const last = queue.at(-1);
    if (direction < 0 && editor.text === "" && last !== undefined) {
      const taken = edit(editor, { type: "replace", text: last });
      return update({ ...state, editor: taken, queue: queue.slice(0, -1) });
    }
    const found = recall(state.history, direction, editor.text);
    if (found === undefined) return update(state);
    return update({
      ...state,
      history: found.history,
      editor: edit(editor, { type: "replace", text: found.text }),
    });
  };
}

/** More than this is no message for a model; bytes and characters are near enough the same here. */
const longestPaste = 1_000_000;

export function paste(state: ChatState, text: string): Update {
  if (text.length > longestPaste) {
    return update(
      notify(state, "That is more than 1 MB: too long for a message, nothing was pasted.", "error"),
    );
  }
  return update({ ...withoutKnobRow(state), editor: edit(state.editor, { type: "insert", text }) });
}
