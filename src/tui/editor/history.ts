/** Messages sent before, oldest first, and where up and down stand among them. */
export interface HistoryState {
  readonly entries: readonly string[];
  /** index of the entry in the prompt; entries.length: none, the prompt is the person's own */
  readonly at: number;
  /** what stood in the prompt before up was pressed, chips as their characters */
  readonly draft: string;
}

/** Messages that are kept. */
export const historyLimit = 1000;

export function historyOf(entries: readonly string[]): HistoryState {
  const kept = entries.length > historyLimit ? entries.slice(-historyLimit) : entries;
  return { entries: kept, at: kept.length, draft: "" };
}

/** Adds a message as the newest, and goes back behind it: what was said before is there once. */
export function remember(history: HistoryState, text: string): HistoryState {
  if (history.entries.at(-1) === text) return historyOf(history.entries);
  return historyOf([...history.entries.filter((entry) => entry !== text), text]);
}

/**
 * One entry older (-1) or newer (1); undefined where there is none. A prompt that is not the entry that was brought into it
 * is the person's own: it comes back behind the newest.
 */
export function recall(
  history: HistoryState,
  direction: -1 | 1,
  prompt: string,
): { history: HistoryState; text: string } | undefined {
  const { entries } = history;
  const isOwn = prompt !== entries[history.at];
  const at = (isOwn ? entries.length : history.at) + direction;
  if (at < 0 || at > entries.length) return undefined;
  const draft = isOwn ? prompt : history.draft;
  return { history: { entries, at, draft }, text: entries[at] ?? draft };
}
