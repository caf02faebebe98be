import { sizeText } from "../../size-text.ts";

/*
 * A long paste stands in the prompt as one character: one of the 32 that Unicode keeps for a program's own use, so that
 * cursor, deletion, cutting and undo treat it as they treat any other. What it stands for is kept beside the text.
 */

const first = 0xfdd0;
const most = 32;
const anyChip = /[\uFDD0-\uFDEF]/g;

/** A text with chips in it, and what each stands for. */
export interface Chipped {
  readonly text: string;
  readonly chips: readonly string[];
}

/** The text without what would be taken for chips. */
export function withoutChips(text: string): string {
  return text.replaceAll(anyChip, "");
}

/** Longer pastes than these become a chip. */
const mostLines = 5;
const mostCharacters = 500;

/** More than this is no message for a model; bytes and characters are near enough the same here. */
export const longestText = 1_000_000;

/** Is it too long to stand in the prompt as it is? */
export function isLong(text: string): boolean {
  return text.length > mostCharacters || linesOf(text) > mostLines;
}

/** The character for a paste, and the chips with it; undefined: all of them are in use. */
export function newChip(
  chips: readonly string[],
  pasted: string,
): { readonly chip: string; readonly chips: readonly string[] } | undefined {
  if (chips.length >= most) return undefined;
  return { chip: String.fromCodePoint(first + chips.length), chips: [...chips, pasted] };
}

/** What a character of the prompt stands for; undefined: for itself. */
export function chipText(chips: readonly string[], character: string): string | undefined {
  const code = character.charCodeAt(0);
  return code >= first && code < first + most ? chips[code - first] : undefined;
}

/** The text with each chip replaced. */
export function replaceChips({ text, chips }: Chipped, by: (pasted: string) => string): string {
  return text.replaceAll(anyChip, (chip) => by(chipText(chips, chip) ?? ""));
}

/** How a chip is shown; its spaces never break a row. */
export function chipLabel(pasted: string): string {
  const lines = linesOf(pasted);
  const words = `[pasted ${lines} ${lines === 1 ? "line" : "lines"}, ${sizeText(Buffer.byteLength(pasted))}]`;
  return words.replaceAll(" ", "\u00A0");
}

/** Matches the labels in a row of the prompt, kept by split(). */
export const labelPattern = /(\[pasted\u00A0[^\]]*\])/;

/** A line feed at the end begins no other line. */
const linesOf = (text: string) => text.replace(/\n$/, "").split("\n").length;

/** The text as it is shown, and where its places come from. */
export interface Labelled {
  readonly text: string;
  readonly cursor: number;
  /** index in the prompt of an index in what is shown: inside a label, the chip's near end in `direction` */
  origin(index: number, direction: -1 | 1): number;
}

/** The prompt with labels for its chips. */
export function labelled({ text, chips, cursor }: Chipped & { readonly cursor: number }): Labelled {
  if (chips.length === 0) return { text, cursor, origin: (index) => index };
  const marks: { readonly at: number; readonly shown: number; readonly size: number }[] = [];
  let grown = 0;
  let place = cursor;
  const shown = text.replaceAll(anyChip, (chip, at: number) => {
    const label = chipLabel(chipText(chips, chip) ?? "");
    marks.push({ at, shown: at + grown, size: label.length });
    grown += label.length - 1;
    if (at < cursor) place += label.length - 1;
    return label;
  });
  const origin = (index: number, direction: -1 | 1) => {
    const before = marks.findLast((mark) => mark.shown < index);
    if (before === undefined) return index;
    const behind = index - before.shown - before.size;
    if (behind >= 0) return before.at + 1 + behind;
    return direction > 0 ? before.at + 1 : before.at;
  };
  return { text: shown, cursor: place, origin };
}
