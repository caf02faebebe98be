import { type Message, plainMessage } from "../../chat/index.ts";
import { draftOf, shownMessage } from "../editor/draft.ts";
import { edit } from "../editor/editor.ts";
import type { UserError } from "../../errors.ts";
import { beginAnswer, showAll } from "./answer.ts";
import { sayOn, notify } from "./notices.ts";
import { isAnswering, update, type ChatState, type EngineEffect, type Queued, type Update } from "./state.ts";
import { withoutEditing } from "./moves.ts";

/** Sends a message that was typed and names no file, or queues it while the model loads or an answer is being decoded. */
export function submit(state: ChatState, text: string): Update {
  return ask(state, plainMessage(text), []);
}

/**
 * Sends a message, or queues it while its files are read, the model loads, an answer is being decoded, or another
 * message stands before it.
 * @param files names of files whose text goes with it
 */
export function ask(state: ChatState, message: Message, files: readonly string[]): Update {
  const { editing } = state;
  const queued: Queued = { message, files, ...(editing !== undefined && { editing }) };
  const waiting = { ...withoutEditing(state), queue: [...state.queue, queued] };
  if (files.length > 0) return update(waiting, { type: "attach", message, files });
  const busy = state.tokens === undefined || state.answer?.running === true || state.queue.length > 0;
  return busy ? update(waiting) : begin(showAll(state), queued);
}

/** The files of a queued message were read: it can go. */
export function attached(state: ChatState, before: Message, message: Message): ChatState {
  const queue = state.queue.map((each) =>
    each.message === before ? Object.assign({}, each, { message, files: [] }) : each,
  );
  return { ...state, queue };
}

/** A file of a queued message cannot go with it: the message comes back to the prompt, or stays in the history. */
export function refused(state: ChatState, message: Message, problem: UserError): ChatState {
  const found = state.queue.find((each) => each.message === message);
  if (found === undefined) return state;
  const queue = state.queue.filter((each) => each !== found);
  const wayOut = problem.kind === "file" ? " Write \\@ where no file is meant." : "";
  const said = notify({ ...state, queue }, problem.message + wayOut, "error");
  if (isInUse(state)) return said;
  const { editing } = found;
  return { ...withDraft(said, message), ...(editing !== undefined && { editing }) };
}

/** Would a message that comes back to the prompt replace something there? */
export function isInUse({ editor, search }: ChatState): boolean {
  return editor.text !== "" || search !== undefined;
}

/** Puts a message into the prompt as it was typed. */
export function withDraft(state: ChatState, message: Message): ChatState {
  const draft = (chips: readonly string[]) => draftOf(message, chips);
  return { ...state, editor: edit(state.editor, { type: "restore", draft }) };
}

/** Sends the oldest queued message once nothing stands before it. */
export function sendNext(state: ChatState): Update {
  const [next, ...queue] = state.queue;
  const held = next === undefined || next.files.length > 0;
  if (held || state.tokens === undefined || isAnswering(state) || state.leaving) return update(state);
  return begin({ ...state, queue }, next);
}

/** Asks behind all that was said, or in place of the message that was edited. */
function begin(state: ChatState, { message, editing }: Queued): Update {
  const { text, inserts } = message;
  const send = { type: "send", text, ...(inserts.length > 0 && { inserts }) } as const;
  const back = editing !== undefined && editing <= state.turns.length;
  const where = back ? sayOn(state, `Back to message ${editing}.`, "dim") : state;
  const effect: EngineEffect = editing === undefined ? send : { ...send, after: editing - 1 };
  return update(beginAnswer(withoutEditing(where), shownMessage(message)), effect);
}
