import type { Glyphs } from "../paint/glyphs.ts";
import { layoutFlow, type Layout } from "../text/flow.ts";
import type { Form } from "../text/row.ts";
import { layoutMarkdown } from "./layout.ts";

export type ReadingGlyphs = Pick<Glyphs, "bullet" | "bar" | "cross" | "rule">;

/** Colours of the last line of `code`, and whether the lines before it say nothing about those that follow. */
export interface Highlighted {
  readonly parts: readonly { readonly text: string; readonly form?: Form }[];
  readonly complete: boolean;
}

/** Reads code of a language; undefined: of that language it knows nothing. */
export type Highlight = (language: string, context: string, line: string) => Highlighted | undefined;

/** How the text of answers is read. */
export interface ReadingOptions {
  /** false: text as it comes */
  readonly markdown: boolean;
  /** where prose breaks: at words, or, in lines that go out whole, wherever the terminal's row is full */
  readonly wrap: "words" | "terminal";
  /** false: what colour would tell apart keeps its marks */
  readonly color: boolean;
  /** absent until the first fence */
  readonly highlight?: Highlight;
}

/** Text as it comes. */
export const plainReading: ReadingOptions = { markdown: false, wrap: "words", color: false };

/** The layout that reads so. */
export function layoutFor(reading: ReadingOptions, glyphs: ReadingGlyphs): Layout {
  const whole = reading.wrap === "terminal";
  if (!reading.markdown) return (flow, width) => layoutFlow(flow, width, whole);
  return (flow, width, final) => layoutMarkdown(flow, width, final, { ...reading, glyphs });
}
