import type { Form } from "../text/row.ts";
import { beginsWord, closingMarks, closingTicks, opens, runLength, type Stretch } from "./delimiters.ts";
import { bareLink, bracketLink, type FoundLink } from "./links.ts";

/** A part of a line as it is shown: the source from `start` on, or a text that is not in the source. */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly forms: readonly Form[];
  readonly link?: string;
  readonly added?: true;
}

export interface Inline {
  readonly spans: readonly Span[];
  /** from here on, counted as shown, text that comes can change what is shown */
  readonly pending: number;
}

/**
 * Reads emphasis, code and links of one line. What a mark means is known when the mark that closes it is found, or
 * when none is near (see `reach`); until then, while the line grows, it is taken for what it will most likely be.
 * @param keepTicks leave the backticks of code: where no colour tells code from text
 */
export function readInline(text: string, from: number, closed: boolean, keepTicks: boolean): Inline {
  const reader = new InlineReader(text, keepTicks);
  reader.read(from, { text, end: text.length, closed }, []);
  return { spans: reader.spans, pending: reader.pending };
}

const marks: Readonly<Record<string, readonly (readonly Form[] | undefined)[]>> = {
  "*": [undefined, ["italic"], ["bold"], ["bold", "italic"]],
  _: [undefined, ["italic"], ["bold"], ["bold", "italic"]],
  "~": [undefined, undefined, ["struck"]],
};

/** So many marks together mean something; more are a drawing. */
const longestRun = 3;
/** A longer run of backticks is a drawing. */
const longestTicks = 8;

const plainText = /[^\\*_~`[!<h]+/y;

class InlineReader {
  readonly spans: Span[] = [];
  pending = Infinity;
  #shown = 0;
  readonly #text: string;
  readonly #keepTicks: boolean;

  constructor(text: string, keepTicks: boolean) {
    this.#text = text;
    this.#keepTicks = keepTicks;
  }

  read(from: number, stretch: Stretch, forms: readonly Form[]): void {
    for (let at = from; at < stretch.end;) at = this.#next(at, stretch, forms);
  }

  /** Reads what begins at `at`; gives where the next thing begins. */
  #next(at: number, stretch: Stretch, forms: readonly Form[]): number {
    const character = this.#text[at] ?? "";
    if (character === "\\") return this.#escape(at, stretch, forms);
    if (character === "`") return this.#code(at, stretch, forms);
    if (character in marks) return this.#emphasis(at, stretch, forms);
    if (character === "[" || (character === "!" && (at + 1 === stretch.end || this.#text[at + 1] === "[")))
      return this.#link(at, bracketLink(stretch, at), stretch, forms);
    if (character === "<" || (character === "h" && beginsWord(this.#text, at)))
      return this.#link(at, bareLink(stretch, at), stretch, forms);
    plainText.lastIndex = at + 1;
    const plain = plainText.exec(this.#text)?.[0].length ?? 0;
    return this.#show(at, Math.min(stretch.end, at + 1 + plain), forms);
  }

  #escape(at: number, stretch: Stretch, forms: readonly Form[]): number {
    if (at + 1 === stretch.end && !stretch.closed) this.#hold();
    const escapes = /[!-/:-@[-`{-~]/.test(this.#text[at + 1] ?? "") && at + 1 < stretch.end;
    return escapes ? this.#show(at + 1, at + 2, forms) : this.#show(at, at + 1, forms);
  }

  #code(at: number, stretch: Stretch, forms: readonly Form[]): number {
    const length = runLength(this.#text, at, stretch.end);
    const closing = length > longestTicks ? "none" : closingTicks(stretch, at, length);
    if (closing === "none") return this.#show(at, at + length, forms);
    if (closing === "open") this.#hold();
    const to = closing === "open" ? stretch.end : closing;
    const after = closing === "open" ? stretch.end : closing + length;
    const all: readonly Form[] = [...forms, "code"];
    if (this.#keepTicks) return this.#show(at, after, all);
    const padded = /^ .*[^ ].* $/.test(this.#text.slice(at + length, to)) ? 1 : 0;
    this.#show(at + length + padded, to - padded, all);
    return after;
  }

  #emphasis(at: number, stretch: Stretch, forms: readonly Form[]): number {
    const length = runLength(this.#text, at, stretch.end);
    const touchesEnd = at + length === stretch.end && !stretch.closed && length <= longestRun;
    if (touchesEnd) this.#hold();
    const adds = marks[this.#text[at] ?? ""]?.[length];
    const nested = adds?.some((form) => forms.includes(form)) ?? true;
    if (nested || touchesEnd || adds === undefined || !opens(this.#text, at, length))
      return touchesEnd ? at + length : this.#show(at, at + length, forms);
    const closing = closingMarks(stretch, at, length);
    if (closing === "open") this.#hold();
    const likely = length > 1 || beginsWord(this.#text, at);
    if (closing === "none" || (closing === "open" && !likely)) return this.#show(at, at + length, forms);
    const inner = [...forms, ...adds];
    if (closing === "open") {
      this.read(at + length, stretch, inner);
      return stretch.end;
    }
    this.read(at + length, { ...stretch, end: closing, closed: true }, inner);
    return closing + length;
  }

  #link(at: number, found: FoundLink | undefined, stretch: Stretch, forms: readonly Form[]): number {
    if (found?.open === true) this.#hold();
    if (found === undefined || found.end <= at) {
      const cut = !stretch.closed && at + 8 >= stretch.end;
      if (cut && "https://".startsWith(this.#text.slice(at, stretch.end).replace("<", ""))) this.#hold();
      return this.#show(at, at + 1, forms);
    }
    const { from, to, end, target } = found;
    const first = this.spans.length;
    const linked: readonly Form[] = target === "" ? forms : [...forms, "link"];
    const shown = this.#text.slice(from, to);
    if (/^https?:/.test(shown)) this.#show(from, to, linked);
    else this.read(from, { ...stretch, end: to, closed: true }, linked);
    if (target !== "") {
      for (let index = first; index < this.spans.length; index++) {
        const span = this.spans[index];
        if (span !== undefined) this.spans[index] = { ...span, link: target };
      }
    }
    if (target !== "" && shown !== target) this.#add(` (${target})`, end, target);
    return end;
  }

  #show(start: number, end: number, forms: readonly Form[]): number {
    if (end <= start) return end;
    const text = this.#text.slice(start, end);
    const last = this.spans.at(-1);
    const goesOn =
      last?.forms === forms && last.start + last.text.length === start && last.link === undefined;
    if (goesOn && !last.added) this.spans[this.spans.length - 1] = { ...last, text: last.text + text };
    else this.spans.push({ text, start, forms });
    this.#shown += end - start;
    return end;
  }

  #add(text: string, start: number, link: string): void {
    this.spans.push({ text, start, forms: [], link, added: true });
    this.#shown += text.length;
  }

  /** What is shown from here on may change. */
  #hold(): void {
    this.pending = Math.min(this.pending, this.#shown);
  }
}
