import { completeCommand, isCommand, runCommand } from "../commands/run.ts";
import { canMove } from "../editor/layout.ts";
import { edit, emptyEditor, type EditorAction } from "../editor/editor.ts";
import { recall, remember } from "../editor/history.ts";
import { submit } from "../store/sending.ts";
import { notify } from "../store/notices.ts";
import { update, type ChatState, type Update } from "../store/state.ts";
import type { KeyAction, KeyContext } from "./binding.ts";
import { withoutKnobRow } from "./knob-row.ts";

export function editing(action: EditorAction): KeyAction {
  return (state) => update({ ...state, editor: edit(state.editor, action) });
}

/** Enter: a backslash before it makes a new line; a command runs; a message goes, or waits for its turn. */
export function enter(state: ChatState): Update {
  const { text, cursor } = state.editor;
  if (text[cursor - 1] === "\\" && cursor === text.length) {
    const without = edit(state.editor, { type: "backspace" });
    return update({ ...state, editor: edit(without, { type: "insert", text: "\n" }) });
  }
  const message = text.trim();
  if (message === "") return update(state);
  const history = remember(state.history, message);
  const remembered: ChatState = { ...state, history };
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

export function complete(state: ChatState): Update {
  const text = completeCommand(state.editor.text);
  if (text === state.editor.text) return update(state);
  return update({ ...state, editor: edit(state.editor, { type: "replace", text }) });
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
