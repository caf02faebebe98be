import { silencePatience, stopPatience } from "../store/shown-answer.ts";
import { isAnswering, type ChatState } from "../store/state.ts";

/** What the engine is doing, in words that stay true; undefined: nothing worth a word. */
function doing(state: ChatState): string | undefined {
  const { answer, now } = state;
  if (state.tokens === undefined) return state.queue.length > 0 ? "loading the model" : undefined;
  if (answer === undefined) return undefined;
  if (!isAnswering(state)) return answer.view.reason === "aborted" ? "stopped" : undefined;
  const { stoppingSince } = answer;
  if (stoppingSince !== undefined)
    return now - stoppingSince < stopPatience ? undefined : "stopping; Ctrl-C twice ends the engine";
  return now - answer.heardAt < silencePatience ? "answering" : "still working; Esc stops";
}

/** What the program has to say just now: what is drawn around the prompt on a page. */
function remarks(before: ChatState, { notice, queue, editing, tokens }: ChatState): string[] {
  const said = notice === undefined || notice === before.notice ? [] : [notice.text];
  if (tokens !== undefined && queue.length > before.queue.length) said.push("queued");
  if (editing !== undefined && editing !== before.editing)
    said.push(`Editing message ${editing}: Enter goes on from there, Esc cancels.`);
  return said;
}

/** Tells what is new in a state, what the engine does once an answer. */
export class News {
  #last: ChatState;
  #told = new Set<string>();

  constructor(state: ChatState) {
    this.#last = state;
  }

  /** @returns what the engine does now, and what else is to be said */
  of(state: ChatState): { readonly doing: readonly string[]; readonly remarks: readonly string[] } {
    if (state.answer?.askedAt !== this.#last.answer?.askedAt) this.#told.clear();
    const now = doing(state);
    const said = now === undefined || this.#told.has(now) ? [] : [now];
    for (const each of said) this.#told.add(each);
    const remarked = remarks(this.#last, state);
    this.#last = state;
    return { doing: said, remarks: remarked };
  }
}
