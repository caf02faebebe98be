import { piece, remark, type Piece, type Row, type Style } from "./row.ts";
import { sanitize } from "./sanitize.ts";

/** How sure the model was of a token; bins on the probability of the token that was taken. */
export function doubtOf(confidence: number | undefined): Style {
  if (confidence === undefined || confidence >= 0.95) return "text";
  if (confidence >= 0.8) return "doubt1";
  if (confidence >= 0.6) return "doubt2";
  return confidence >= 0.4 ? "doubt3" : "doubt4";
}

/** A token's text in the style of its doubt; the space before a word is no part of the word. */
export function doubtedPieces(text: string, confidence: number | undefined): Piece[] {
  const shown = sanitize(text);
  const word = shown.trimStart();
  const space = shown.slice(0, shown.length - word.length);
  return [piece(space), piece(word, doubtOf(confidence))].filter((each) => each.text !== "");
}

/** The row as ordinary text. */
export function withoutDoubt(row: Row): Row {
  return row.map((each) => (each.style.startsWith("doubt") ? remark(each, { style: "text" }) : each));
}
