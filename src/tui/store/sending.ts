import { beginAnswer, showAll } from "./answer.ts";
import { askEdited } from "./moves.ts";
import { isAnswering, update, type ChatState, type Update } from "./state.ts";

/** Sends a message, or queues it while the model loads or an answer is being decoded. */
export function submit(state: ChatState, text: string): Update {
  const busy = state.tokens === undefined || state.answer?.running === true;
  if (busy) return update({ ...state, queue: [...state.queue, text] });
  if (state.editing !== undefined) return askEdited(showAll(state), text, state.editing);
  return begin(showAll(state), text);
}

/** Sends the oldest queued message once nothing stands before it. */
export function sendNext(state: ChatState): Update {
  const [text, ...queue] = state.queue;
  if (text === undefined || state.tokens === undefined || isAnswering(state) || state.leaving)
    return update(state);
  return begin({ ...state, queue }, text);
}

function begin(state: ChatState, text: string): Update {
  return update(beginAnswer(state, text), { type: "send", text });
}
