import stringWidth from "string-width";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const printableAscii = /^[ -~]*$/;

/** What a reader takes for one character: the unit of cursor movement, deletion and wrapping. */
export interface Grapheme {
  readonly text: string;
  /** in UTF-16 units of the text it was cut from */
  readonly index: number;
  /** terminal cells */
  readonly width: number;
}

/** Cells that a tab takes: a fixed number, so that a row's width does not depend on where it starts. */
export const tabWidth = 4;

const tone = /\p{Emoji_Modifier}/gu;
const takesTone = /^\p{Emoji_Modifier_Base}/u;

/** Cells of one grapheme; a line feed takes none. */
function widthOf(grapheme: string): number {
  if (grapheme === "\t") return tabWidth;
  return stringWidth(grapheme) + strayTones(grapheme) * 2;
}

/** Skin tones behind what has no skin: a terminal draws them beside it, each two cells wide. */
function strayTones(grapheme: string): number {
  if (grapheme.length < 3 || takesTone.test(grapheme)) return 0;
  return [...grapheme.matchAll(tone)].filter(({ index }) => index > 0).length;
}

/** Cuts text into graphemes. Plain ASCII, the usual case, takes no segmenter. */
export function* graphemes(text: string): Generator<Grapheme> {
  if (printableAscii.test(text)) {
    for (let index = 0; index < text.length; index++) yield { text: text.charAt(index), index, width: 1 };
    return;
  }
  for (const { segment, index } of segmenter.segment(text)) {
    yield { text: segment, index, width: widthOf(segment) };
  }
}

/** Terminal cells of a text in one row. */
export function cells(text: string): number {
  if (printableAscii.test(text)) return text.length;
  let total = 0;
  for (const grapheme of graphemes(text)) total += grapheme.width;
  return total;
}

const ascii = (unit: number) => unit >= 0x20 && unit < 0x7f;

/** Moves an index that fell inside a grapheme to that grapheme's end. */
export function snap(text: string, index: number): number {
  if (
    index <= 0 ||
    index >= text.length ||
    (ascii(text.charCodeAt(index)) && ascii(text.charCodeAt(index - 1)))
  ) {
    return Math.min(Math.max(0, index), text.length);
  }
  const at = segmenter.segment(text).containing(index);
  return at === undefined || at.index === index ? index : at.index + at.segment.length;
}

/** Where the grapheme before `index` begins. */
export function previousBoundary(text: string, index: number): number {
  if (index <= 0) return 0;
  return segmenter.segment(text).containing(index - 1)?.index ?? 0;
}

/** Where the grapheme at `index` ends. */
export function nextBoundary(text: string, index: number): number {
  const at = segmenter.segment(text).containing(index);
  return at === undefined ? text.length : at.index + at.segment.length;
}

/** The text cut to `width` cells, with `ellipsis` as its end where something is missing. */
export function clip(text: string, width: number, ellipsis = "…"): string {
  if (cells(text) <= width) return text;
  let kept = "";
  let used = cells(ellipsis);
  for (const grapheme of graphemes(text)) {
    used += grapheme.width;
    if (used > width) break;
    kept += grapheme.text;
  }
  return width < cells(ellipsis) ? "" : kept + ellipsis;
}
