import { isCommand, runCommand } from "../commands/run.ts";
import { longestText, replaceChips } from "../editor/chips.ts";
import { messageOf } from "../editor/draft.ts";
import { edit, type EditorAction } from "../editor/editor.ts";
import { escaped, mentionsIn } from "../editor/mentions.ts";
import { canMove } from "../editor/rows.ts";
import { emptied } from "../editor/state.ts";
import { historyOf, recall, remember } from "../editor/history.ts";
import { openedList } from "../lists/open.ts";
import { withoutList } from "../store/list.ts";
import { ask, withNewestInPrompt } from "../store/sending.ts";
import { notify } from "../store/notices.ts";
import { update, type ChatState, type Update } from "../store/state.ts";
import type { KeyAction, KeyContext } from "./binding.ts";
import { typeInKnobRow, withoutKnobRow } from "./knob-row.ts";

export function doing(action: EditorAction): KeyAction {
  return (state) => update({ ...state, editor: edit(state.editor, action) });
}

/** The same for what changes the text as typing does: the list that belongs to it opens. */
export function changing(action: EditorAction): KeyAction {
  return (state) => openedList({ ...state, editor: edit(state.editor, action) });
}

/** Types a text: into the row of knobs, if that is open and it can be a value, else at the cursor. */
export function typed(state: ChatState, text: string): Update {
  const value = typeInKnobRow(state, text);
  if (value !== undefined) return value;
  const begun = state.knobRow?.typed ?? "";
  const editor = edit(state.editor, { type: "insert", text: begun + text });
  return openedList({ ...withoutKnobRow(state), editor });
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

/**
 * Runs the command in the prompt, or sends the message. What was typed decides: a command can have a paste in its argument,
 * and a pasted one is a message. @param kept up brings it back later
 */
export function send(state: ChatState, kept = true): Update {
  const message = messageOf(state.editor);
  const { text } = message;
  if (text === "") return update(state);
  const mentions = mentionsIn(state.editor.text);
  const typedText = escaped(text, (name) => mentions.files.includes(name));
  const history = kept ? remember(state.history, typedText) : historyOf(state.history.entries);
  const remembered: ChatState = { ...withoutList(state), history };
  const { state: next, effects } = isCommand(state.editor.text.trim())
    ? runCommand(remembered, text)
    : ask({ ...remembered, editor: emptied(state.editor) }, message, mentions);
  const isNew = history.entries !== state.history.entries;
  return { state: next, effects: isNew ? [{ type: "remember", text: typedText }, ...effects] : effects };
}

/** Up and down: inside the prompt, then through what was queued and sent before. */
export function vertically(direction: -1 | 1): KeyAction {
  return (state, { width }: KeyContext) => {
    const { editor, queue } = state;
    if (canMove(editor, direction, width)) {
      return update({ ...state, editor: edit(editor, { type: direction < 0 ? "up" : "down", width }) });
    }
    if (direction < 0 && editor.text === "" && queue.length > 0) return update(withNewestInPrompt(state));
    const found = recall(state.history, direction, editor.text);
    if (found === undefined) return update(state);
    const { history, text } = found;
    const isDraft = history.at === history.entries.length;
    const back: EditorAction = isDraft
      ? { type: "restore", draft: (chips) => ({ text, chips }) }
      : { type: "replace", text };
    return update({ ...state, history, editor: edit(editor, back) });
  };
}

/** Opens the prompt in the person's own editor, chips as the text they stand for. */
export function compose(state: ChatState): Update {
  const text = replaceChips(state.editor, (pasted) => pasted);
  return update(withoutKnobRow(withoutList(state)), { type: "compose", text });
}

export function paste(state: ChatState, text: string): Update {
  if (text.length > longestText) {
    return update(
      notify(
        state,
        "That is more than 1 MB, nothing was pasted: use @file, or a pipe (sdar-chat ask < file).",
        "error",
      ),
    );
  }
  const editor = edit(state.editor, { type: "paste", text });
  const isChip = editor.chips.length > state.editor.chips.length;
  const pasted = { ...withoutKnobRow(withoutList(state)), editor };
  return update(isChip ? notify(pasted, "Tab shows what was pasted, Backspace drops it.", "dim") : pasted);
}
