import type { Choice } from "./choice.ts";

type Facts = Pick<Choice, "label" | "detail">;

/** Capitals count only where there is one in what was typed. */
const folded = (text: string, typed: string) => (typed === typed.toLowerCase() ? text.toLowerCase() : text);

/** Do all typed words occur, in any order? Nothing typed occurs everywhere. */
export function hasWords(text: string, typed: string): boolean {
  const within = folded(text, typed);
  return typed.split(/\s+/).every((word) => within.includes(word));
}

/** The items whose label has what was typed: first those that are it, that begin with it, that have a word which does. */
export function byLabel<Item extends Facts>(items: readonly Item[], typed: string): readonly Item[] {
  return ranked(items, ({ label }) => labelRank(folded(label, typed), typed));
}

/** The same, and behind them those that have the typed words anywhere. */
export function byWords<Item extends Facts>(items: readonly Item[], typed: string): readonly Item[] {
  return ranked(items, ({ label, detail }) => {
    const rank = labelRank(folded(label, typed), typed);
    return rank ?? (hasWords(`${label} ${detail}`, typed) ? 4 : undefined);
  });
}

function labelRank(label: string, typed: string): number | undefined {
  if (label === typed) return 0;
  const at = label.indexOf(typed);
  if (at <= 0) return at === 0 ? 1 : undefined;
  return /[\p{L}\p{N}]/u.test(label.charAt(at - 1)) ? 3 : 2;
}

function ranked<Item>(items: readonly Item[], rankOf: (item: Item) => number | undefined): readonly Item[] {
  return items
    .flatMap((item) => {
      const rank = rankOf(item);
      return rank === undefined ? [] : [{ item, rank }];
    })
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
