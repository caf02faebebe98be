import { piece, type Row, type Style } from "../text/row.ts";
import { sanitize } from "../text/sanitize.ts";
import type { ChatState, NoteLine } from "./state.ts";

/*
 * Sentences and lines have in them what others wrote: names of files and models, a transcript's system prompt. All of
 * it is made safe here.
 */

/** Shows a sentence above the prompt for a while: longer for a longer one. */
export function notify(state: ChatState, sentence: string, style: Style): ChatState {
  const text = sanitize(sentence);
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
  const noted = onPage(state, lines);
  const waits = state.page.some((entry) => entry.kind === "answer" && entry.open);
  return waits ? notify(noted, "Shown when the answer is complete.", "dim") : noted;
}

/** Puts a sentence on the page that nobody asked for: an answer before it is finished in peace. */
export function sayOn(state: ChatState, sentence: string, style: Style): ChatState {
  return onPage(state, [{ lead: [], text: [piece(sentence, style)] }]);
}

function onPage(state: ChatState, lines: readonly NoteLine[]): ChatState {
  const safe = lines.map(({ lead, text }): NoteLine => ({ lead: safeRow(lead), text: safeRow(text) }));
  return { ...state, page: [...state.page, { kind: "note", lines: safe }] };
}

const safeRow = (row: Row): Row => row.map((each) => Object.assign({}, each, { text: sanitize(each.text) }));
