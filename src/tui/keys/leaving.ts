import { edit } from "../editor/editor.ts";
import { showAll } from "../store/answer.ts";
import { notify } from "../store/notices.ts";
import { isAnswering, update, type ChatState, type Update } from "../store/state.ts";

/** How long the second Ctrl-C may take, milliseconds. */
const patience = 1500;

/** Stops the answer; what was queued behind it goes back to the prompt, so that nothing is sent unasked. */
function stop(state: ChatState): Update {
  const { answer } = state;
  const shown = showAll(state);
  if (answer === undefined || !answer.running) return update(shown);
  const unsent = [...state.queue, state.editor.text].filter((text) => text !== "").join("\n");
  const editor =
    state.queue.length === 0 ? state.editor : edit(state.editor, { type: "replace", text: unsent });
  const stopping = shown.answer === undefined ? answer : { ...shown.answer, stopping: true };
  return update({ ...shown, editor, queue: [], answer: stopping }, { type: "stop" });
}

/** Esc: stops an answer; a queue that waits for the model goes back to the prompt. */
export function escape(state: ChatState): Update | undefined {
  return isAnswering(state) ? stop(state) : update(state);
}

/** Ctrl-C: the nearest thing there is to stop: the answer, else the prompt's text, else, asked twice, the program. */
export function clearOrQuit(state: ChatState): Update {
  if (isAnswering(state) && state.answer?.stopping !== true) return stop(state);
  if (state.editor.text !== "")
    return update({ ...state, editor: edit(state.editor, { type: "replace", text: "" }) });
  if (state.quitUntil !== undefined && state.now < state.quitUntil) return update(state, { type: "quit" });
  const asked = notify(state, "Ctrl-C again to leave.", "dim");
  const until = state.now + patience;
  return update({
    ...asked,
    quitUntil: until,
    notice: { text: "Ctrl-C again to leave.", style: "dim", until },
  });
}

/** Ctrl-D: leaves, or deletes the character under the cursor where there is text. */
export function endOrDelete(state: ChatState): Update {
  if (state.editor.text === "") return update(state, { type: "quit" });
  return update({ ...state, editor: edit(state.editor, { type: "delete" }) });
}
