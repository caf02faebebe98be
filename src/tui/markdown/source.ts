import { cells } from "../text/graphemes.ts";
import { piece, remark, sliceRow, type Form, type Piece, type Row } from "../text/row.ts";
import { readInline, type Inline, type Span } from "./inline.ts";

/** Stands for a masked slot where Markdown is read: a letter, whatever it is drawn with. */
const unknown = "\uE000";

/** The text of a flow: as it is shown, and as it is read. */
export class Source {
  readonly pieces: Row;
  /** masks are `unknown` in it; as long as the pieces together */
  readonly text: string;

  constructor(pieces: Row) {
    this.pieces = pieces;
    this.text = pieces
      .map(({ text, style }) => (style === "mask" ? unknown.repeat(text.length) : text))
      .join("");
  }

  /** The line that begins at `start`. */
  lineAt(start: number, final: boolean): SourceLine {
    const feed = this.text.indexOf("\n", start);
    const end = feed === -1 ? this.text.length : feed;
    return { start, end, closed: feed !== -1 || final, text: this.text.slice(start, end) };
  }

  /** A part of the source as it is shown. */
  inline(start: number, end: number, closed: boolean, keepTicks: boolean): InlineText {
    const text = this.text.slice(start, end);
    return new InlineText(sliceRow(this.pieces, start, end), readInline(text, 0, closed, keepTicks));
  }
}

export interface SourceLine {
  readonly start: number;
  /** where its line feed is, or the text ends */
  readonly end: number;
  /** nothing will be added to it */
  readonly closed: boolean;
  readonly text: string;
}

/** Takes what stands for masks out of a word that was read. */
export function withoutUnknown(text: string): string {
  return text.replaceAll(unknown, "");
}

/** Text with its marks read: what is shown, and the pieces that show it. */
export class InlineText {
  readonly text: string;
  readonly pending: number;
  readonly #pieces: Row;
  readonly #spans: readonly Span[];

  constructor(pieces: Row, { spans, pending }: Inline) {
    this.#pieces = pieces;
    this.#spans = spans;
    this.pending = pending;
    const shown = pieces.map((each) => each.text).join("");
    this.text = spans
      .map((span) => (span.added ? span.text : shown.slice(span.start, span.start + span.text.length)))
      .join("");
  }

  /** The part [start, end) of what is shown. */
  row(start: number, end: number, also: readonly Form[] = []): Row {
    const out: Piece[] = [];
    let at = 0;
    for (const span of this.#spans) {
      const from = Math.max(0, start - at);
      const to = Math.min(span.text.length, end - at);
      if (from < to) out.push(...this.#partOf(span, from, to, also));
      at += span.text.length;
    }
    return out;
  }

  /** Where in the source the place is shown that is `at` characters from the start; plain: no mark is open there. */
  sourceAt(at: number): { readonly offset: number; readonly plain: boolean } {
    let before = 0;
    for (const { text, start, forms, added } of this.#spans) {
      if (at < before + text.length) {
        return {
          offset: start + (added ? 0 : at - before),
          plain: forms.length === 0 && at > before && !added,
        };
      }
      before += text.length;
    }
    const last = this.#spans.at(-1);
    return { offset: last === undefined ? 0 : last.start + last.text.length, plain: false };
  }

  #partOf(span: Span, from: number, to: number, also: readonly Form[]): Piece[] {
    const link = span.link === undefined ? {} : { link: span.link };
    if (span.added) return [{ ...piece(span.text.slice(from, to), "dim"), ...link }];
    const forms = [...also, ...span.forms];
    const marks = forms.length === 0 ? {} : { forms };
    return sliceRow(this.#pieces, span.start + from, span.start + to).map((each) =>
      remark(each, each.style === "mask" ? link : { ...marks, ...link }),
    );
  }
}

/** Cells of the widest of its lines. */
export function widest(text: string): number {
  return Math.max(...text.split("\n").map(cells));
}
