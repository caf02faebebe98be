import { type Grapheme, graphemes } from "./graphemes.ts";

/** A row of a text: [start, end) is shown; the text goes on at `next`. */
export interface WrappedRow {
  readonly start: number;
  readonly end: number;
  readonly next: number;
  /** newline: a line feed ended it; wrap: the next word did not fit; open: the text ended here */
  readonly ends: "newline" | "wrap" | "open";
}

/** A place where the row may end: shown up to `end`, going on at `next`, `used` cells up to there. */
interface Break {
  readonly end: number;
  readonly next: number;
  readonly used: number;
}

/**
 * Cuts text into rows of at most `width` cells: at spaces (not shown at the end of a row), beside wide characters,
 * and inside a word only where the word alone is longer than a row. A row's content depends on nothing behind
 * the word that overflowed it, so rows that end in "wrap" or "newline" stay as they are while the text grows.
 * At "cells": as a terminal wraps, wherever the row is full.
 */
export function wrap(text: string, width: number, at: "words" | "cells" = "words"): WrappedRow[] {
  const row = new RowBuilder(width, at === "words");
  for (const grapheme of graphemes(text)) row.add(grapheme);
  return row.finish(text.length);
}

class RowBuilder {
  readonly #rows: WrappedRow[] = [];
  readonly #width: number;
  readonly #atWords: boolean;
  #start = 0;
  /** end of what fits in the row: spaces may hang over its edge, unseen */
  #shown = 0;
  #used = 0;
  #break: Break | undefined;
  #previous: Grapheme | undefined;

  constructor(width: number, atWords: boolean) {
    this.#width = width;
    this.#atWords = atWords;
  }

  add(grapheme: Grapheme): void {
    const after = grapheme.index + grapheme.text.length;
    if (grapheme.text === "\n") {
      this.#close(this.#shown, after, "newline");
      this.#used = 0;
      this.#shown = after;
      this.#previous = undefined;
      return;
    }
    if (grapheme.text === " " && this.#atWords) this.#noteSpace(grapheme.index, after);
    else this.#makeRoom(grapheme);
    this.#used += grapheme.width;
    if (this.#used <= this.#width || grapheme.text !== " ") this.#shown = after;
    this.#previous = grapheme;
  }

  finish(length: number): WrappedRow[] {
    this.#rows.push({ start: this.#start, end: this.#shown, next: length, ends: "open" });
    return this.#rows;
  }

  /** Spaces that begin a line are its indent and never break it. */
  #noteSpace(index: number, after: number): void {
    const inRun = this.#previous?.text === " ";
    if (this.#previous === undefined || (inRun && this.#break === undefined)) return;
    const end = inRun && this.#break ? this.#break.end : index;
    this.#break = { end, next: after, used: this.#used + 1 };
  }

  #makeRoom({ index, width, text }: Grapheme): void {
    const before = this.#previous;
    const besideWide = before && before.text !== " " && (width > 1 || before.width > 1);
    if (this.#atWords && besideWide && index > this.#start && !clings(text)) {
      this.#break = { end: index, next: index, used: this.#used };
    }
    // Twice at most: behind a word's break what is left of the row may still be too long, as in "bcd。".
    while (this.#used + width > this.#width && index > this.#start) {
      const at = this.#break ?? { end: this.#shown, next: index, used: this.#used };
      this.#close(at.end, at.next, "wrap");
      this.#used -= at.used;
    }
  }

  #close(end: number, next: number, ends: WrappedRow["ends"]): void {
    this.#rows.push({ start: this.#start, end, next, ends });
    this.#start = next;
    this.#break = undefined;
  }
}

/** Punctuation that must not begin a row. */
function clings(grapheme: string): boolean {
  return /^[.,;:!?)\]}%…’”、。，．：；！？）」』】〉》]/u.test(grapheme);
}
