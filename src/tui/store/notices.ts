import { piece, type Style } from "../text/row.ts";
import type { ChatState, NoteLine } from "./state.ts";

/** Shows a sentence above the prompt for a while: longer for a longer one. */
export function notify(state: ChatState, text: string, style: Style): ChatState {
  return { ...state, notice: { text, style, until: state.now + 3000 + 40 * text.length } };
}

/** Takes the sentence away when its time is over. */
export function withoutStaleNotice(state: ChatState): ChatState {
  if (state.notice === undefined || state.now < state.notice.until) return state;
  return withoutNotice(state);
}

export function withoutNotice(state: ChatState): ChatState {
  const { notice: _, ...rest } = state;
  return rest;
}

/** Puts lines on the page, where they stay; behind the answer if one is being decoded. */
export function noteOn(state: ChatState, lines: readonly NoteLine[]): ChatState {
  const noted: ChatState = { ...state, page: [...state.page, { kind: "note", lines }] };
  const waits = state.page.some((entry) => entry.kind === "answer" && entry.open);
  return waits ? notify(noted, "Shown when the answer is complete.", "dim") : noted;
}

/** Puts a sentence on the page that nobody asked for: an answer before it is finished in peace. */
export function sayOn(state: ChatState, sentence: string, style: Style): ChatState {
  const lines: readonly NoteLine[] = [{ lead: [], text: [piece(sentence, style)] }];
  return { ...state, page: [...state.page, { kind: "note", lines }] };
}
