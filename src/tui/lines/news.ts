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

/** Tells what is new in a state, what the engine does once an answer, and once for both that are compared. */
export class News {
  #last: ChatState;
  #told = new Set<string>();

  constructor(state: ChatState) {
    this.#last = state;
  }

  /** @returns what the engine does now, and what else is to be said */
  of(state: ChatState): { readonly doing: readonly string[]; readonly remarks: readonly string[] } {
    const { answer: before } = this.#last;
    const { answer } = state;
    const isOtherSide = before?.aside !== undefined && answer?.aside !== undefined;
    // Behind a comparison the last answer is the last one again: what there was to say of it was said.
    const isBack = before?.aside !== undefined && before.aside.before?.askedAt === answer?.askedAt;
    if (answer?.askedAt !== before?.askedAt && !isOtherSide) this.#told.clear();
    const now = doing(state);
    const said = now === undefined || this.#told.has(now) || isBack ? [] : [now];
    if (now !== undefined) this.#told.add(now);
    const remarked = remarks(this.#last, state);
    this.#last = state;
    return { doing: said, remarks: remarked };
  }
}
