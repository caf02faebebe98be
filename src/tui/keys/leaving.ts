import { runCommand } from "../commands/run.ts";
import { cleared, edit } from "../editor/editor.ts";
import { showAll } from "../store/answer.ts";
import { listFor } from "../store/list.ts";
import { withoutEditing } from "../store/moves.ts";
import { withoutNotice } from "../store/notices.ts";
import { withQueueInPrompt } from "../store/sending.ts";
import { stopPatience } from "../store/shown-answer.ts";
import { isAnswering, update, type ChatState, type Update } from "../store/state.ts";

/** How long the second Ctrl-C may take, milliseconds. */
const patience = 1500;

/** Stops the answer; what was queued behind it goes back to the prompt, so that nothing is sent unasked. */
function stop(state: ChatState): Update {
  const shown = showAll(state);
  const { answer } = shown;
  if (answer === undefined || !answer.running) return update(shown);
  const stopping = { ...answer, stoppingSince: answer.stoppingSince ?? state.now };
  return update({ ...withQueueInPrompt(shown), answer: stopping }, { type: "stop" });
}

/** Esc: stops an answer; else leaves an edited message as it was; twice on an empty prompt: lists those to edit. */
export function escape(state: ChatState): Update | undefined {
  if (isAnswering(state)) return stop(state);
  if (state.editing !== undefined) return update(emptied(state));
  if (state.editor.text !== "" || state.turns.length === 0) return update(state);
  const { editUntil, ...rest } = state;
  if (editUntil !== undefined && state.now < editUntil) {
    const calm = withoutNotice(rest);
    return state.popups ? update(listFor(calm, "/edit ")) : runCommand(calm, "/edit");
  }
  return update({
    ...brief(state, "Esc again to edit an earlier message."),
    editUntil: state.now + patience,
  });
}

/** Without the message that was edited, too. */
const emptied = (state: ChatState): ChatState => ({
  ...withoutEditing(state),
  editor: cleared(state.editor),
});

/** A sentence for as long as the second key may take. */
const brief = (state: ChatState, text: string): ChatState => ({
  ...state,
  notice: { text, style: "dim", until: state.now + patience },
});

/** Ctrl-C: the nearest thing there is to stop: the answer, else the prompt's text, else, asked twice, the program. */
export function clearOrQuit(state: ChatState): Update {
  const since = state.answer?.stoppingSince;
  if (isAnswering(state) && since === undefined) return stop(state);
  if (state.editor.text !== "" || state.editing !== undefined) return update(emptied(state));
  const isSecond = state.quitUntil !== undefined && state.now < state.quitUntil;
  const hangs = state.answer?.running === true && since !== undefined && state.now - since >= stopPatience;
  if (hangs && isSecond) return update(brief(state, "Ending the engine."), { type: "endEngine" });
  if (isSecond) return update(state, { type: "quit" });
  const text = hangs ? "Ctrl-C again to end the engine." : "Ctrl-C again to leave.";
  return update({ ...brief(state, text), quitUntil: state.now + patience });
}

/** Ctrl-D: leaves, or deletes the character under the cursor where there is text. */
export function endOrDelete(state: ChatState): Update {
  if (state.editor.text === "") return update(state, { type: "quit" });
  return update({ ...state, editor: edit(state.editor, { type: "delete" }) });
}
