import { type Message, plainMessage } from "../../chat/index.ts";
import type { Chipped } from "../editor/chips.ts";
import { draftOf, shownMessage } from "../editor/draft.ts";
import { edit } from "../editor/editor.ts";
import type { Mentions } from "../editor/mentions.ts";
import type { EditorState } from "../editor/state.ts";
import type { UserError } from "../../errors.ts";
import { beginAnswer } from "./answer.ts";
import { sayOn, notify } from "./notices.ts";
import type { EngineEffect } from "./effects.ts";
import { isBusy, update, type ChatState, type Queued, type Update } from "./state.ts";
import { withoutEditing } from "./moves.ts";

/** Sends a message that was typed and names no file, or queues it while the model loads or an answer is being decoded. */
export function submit(state: ChatState, text: string): Update {
  return ask(state, plainMessage(text), { files: [], perhaps: [] });
}

/**
 * Sends a message, or queues it while its files are read, the model loads, an answer is being decoded, another
 * conversation is opened, or another message stands before it.
 * @param mentions files whose text goes with it
 */
export function ask(state: ChatState, message: Message, { files, perhaps }: Mentions): Update {
  const { editing } = state;
  const queued: Queued = { message, files, ...(editing !== undefined && { editing }) };
  const waiting = { ...withoutEditing(state), queue: [...state.queue, queued] };
  if (files.length > 0)
    return update(waiting, { type: "attach", message, files, ...(perhaps.length > 0 && { perhaps }) });
  return isBusy(state) || state.queue.length > 0 ? update(waiting) : begin(state, queued);
}

/** The files of a queued message were read: it can go. */
export function attached(state: ChatState, before: Message, message: Message): ChatState {
  const queue = state.queue.map((each) =>
    each.message === before ? Object.assign({}, each, { message, files: [] }) : each,
  );
  return { ...state, queue };
}

/**
 * A file of a queued message cannot go with it: the message comes back to the prompt, or stays in the history. What was
 * queued behind it was written to follow it, and comes back too.
 */
export function refused(state: ChatState, message: Message, problem: UserError): ChatState {
  const at = state.queue.findIndex((each) => each.message === message);
  const found = state.queue[at];
  if (found === undefined) return state;
  const wayOut = problem.kind === "file" ? " Write \\@ where no file is meant." : "";
  const said = notify({ ...state, queue: state.queue.slice(0, at) }, problem.message + wayOut, "error");
  return inPrompt(said, unsent(state, found, state.queue.slice(at + 1)));
}

/** A message that could not be asked comes back to the prompt, or stays in the history; so does what was queued behind it. */
export function unasked(state: ChatState, asked: Omit<Queued, "files">): ChatState {
  return inPrompt({ ...state, queue: [] }, unsent(state, { ...asked, files: [] }, state.queue));
}

/** What was queued goes back to the prompt, before what is in it, so that nothing is sent unasked. */
export function withQueueInPrompt(state: ChatState): ChatState {
  return inPrompt({ ...state, queue: [] }, state.queue);
}

/** Takes the newest queued message back into an empty prompt. */
export function withNewestInPrompt(state: ChatState): ChatState {
  const newest = state.queue.at(-1);
  if (newest === undefined) return state;
  return inPrompt({ ...state, queue: state.queue.slice(0, -1) }, [newest]);
}

/** One message alone is in the history, and disturbs nobody who is typing. */
function unsent(state: ChatState, first: Queued, behind: readonly Queued[]): readonly Queued[] {
  return isInUse(state) && behind.length === 0 ? [] : [first, ...behind];
}

/** Does something stand in the prompt? */
function isInUse({ editor, search }: ChatState): boolean {
  return editor.text !== "" || search !== undefined;
}

/**
 * Puts messages as they were typed before what is in the prompt; while the history is searched, in what comes back then.
 * In a prompt that was empty the first one takes the place again that it was to have in the conversation.
 */
function inPrompt(state: ChatState, messages: readonly Queued[]): ChatState {
  const [first] = messages;
  if (first === undefined) return state;
  const { search } = state;
  if (search !== undefined) return { ...state, search: { draft: inFront(search.draft, messages) } };
  const { editing } = first;
  const isPlaced = editing !== undefined && !isInUse(state);
  return { ...state, editor: inFront(state.editor, messages), ...(isPlaced && { editing }) };
}

function inFront(editor: EditorState, messages: readonly Queued[]): EditorState {
  const draft = (present: readonly string[]): Chipped => {
    const parts: string[] = [];
    let chips = present;
    for (const { message, files } of messages) {
      const made = draftOf(message, chips, files);
      parts.push(made.text);
      chips = made.chips;
    }
    return { text: [...parts, editor.text].filter((text) => text !== "").join("\n"), chips };
  };
  return edit(editor, { type: "restore", draft });
}

/** Sends the oldest queued message once nothing stands before it. */
export function sendNext(state: ChatState): Update {
  const [next, ...queue] = state.queue;
  const held = next === undefined || next.files.length > 0;
  if (held || isBusy(state) || state.leaving) return update(state);
  return begin({ ...state, queue }, next);
}

/** Asks behind all that was said, or in place of the message that was edited; whether there is room is not known yet. */
function begin(state: ChatState, { message, editing }: Queued): Update {
  const { text, inserts } = message;
  const send = { type: "send", text, ...(inserts.length > 0 && { inserts }) } as const;
  const back = editing !== undefined && editing <= state.turns.length;
  const where = back ? sayOn(state, `In place of message ${editing} and all behind it:`, "dim") : state;
  const effect: EngineEffect = editing === undefined ? send : { ...send, after: editing - 1 };
  return update(beginAnswer(withoutEditing(where), shownMessage(message)), effect);
}
