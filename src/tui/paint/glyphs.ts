/** The characters that are drawings, not words. */
export interface Glyphs {
  readonly mask: string;
  /** bars from low to high, eight levels */
  readonly bars: readonly string[];
  /** a masked slot in the block's bar */
  readonly waiting: string;
  readonly rule: string;
  readonly arrow: string;
  readonly atLeast: string;
  readonly atMost: string;
  readonly ellipsis: string;
  readonly left: string;
  readonly right: string;
  /** before the picked row of a list */
  readonly picked: string;
  readonly up: string;
  readonly down: string;
  readonly separator: string;
  /** more of a row lies before, behind */
  readonly before: string;
  readonly behind: string;
  /** behind a value that the model was not trained for */
  readonly odd: string;
  readonly bullet: string;
  /** beside a quote, and between the columns of a table */
  readonly bar: string;
  /** where the rule under a table's head meets a bar */
  readonly cross: string;
}

/**
 * A masked slot behind the character `last`: a word's worth of mask. All slots have the same, whatever the model guesses:
 * of all widths tried, and of the guesses' own, this one moves the text beside it least when slots resolve.
 */
export function maskedSlot(last: string, { mask }: Glyphs): string {
  return (/\s/.test(last) ? "" : " ") + mask.repeat(3);
}

export const unicodeGlyphs: Glyphs = {
  mask: "░",
  bars: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
  waiting: "·",
  rule: "─",
  arrow: "→",
  atLeast: "≥",
  atMost: "≤",
  ellipsis: "…",
  left: "←",
  right: "→",
  picked: "›",
  up: "↑",
  down: "↓",
  separator: "·",
  before: "‹",
  behind: "›",
  odd: "*",
  bullet: "•",
  bar: "│",
  cross: "┼",
};

export const asciiGlyphs: Glyphs = {
  mask: ".",
  bars: ["1", "2", "3", "4", "5", "6", "7", "8"],
  waiting: ".",
  rule: "-",
  arrow: "->",
  atLeast: ">=",
  atMost: "<=",
  ellipsis: "...",
  left: "<",
  right: ">",
  picked: "*",
  up: "^",
  down: "v",
  separator: "-",
  before: "<",
  behind: ">",
  odd: "*",
  bullet: "-",
  bar: "|",
  cross: "+",
};
