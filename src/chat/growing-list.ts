import type { GrowingList } from "./transcript-format.ts";

/** A list as what it shares with an earlier one and what is new. */
export function shorten(list: readonly number[], before: readonly number[]): GrowingList {
  const difference = before.findIndex((value, index) => value !== list[index]);
  const kept = difference === -1 ? before.length : difference;
  return [kept, list.slice(kept)];
}

/** The whole list; undefined if there was less before it than it wants to keep. */
export function lengthen([kept, rest]: GrowingList, before: readonly number[]): number[] | undefined {
  return kept > before.length ? undefined : [...before.slice(0, kept), ...rest];
}
