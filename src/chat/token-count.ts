import type { Tokenizer } from "../model/index.ts";

/** Characters that are encoded at a time. */
const slice = 8192;
/** Tokens that the two ends of a slice make at most more than there are in the whole text. */
const ends = 8;

/**
 * How many tokens a text has where they are surely more than `limit`, as far as its beginning tells: to encode a
 * megabyte takes seconds, in which nothing else happens. Undefined: it may fit, and is short enough to be encoded.
 */
export function tooManyTokens(
  text: string,
  tokens: Pick<Tokenizer, "encode">,
  limit: number,
): number | undefined {
  if (text.length <= Math.max(limit, slice)) return undefined;
  let count = 0;
  for (let at = 0; at < text.length; at += slice) {
    const part = text.slice(at, at + slice);
    count += tokens.encode(part).length - ends;
    if (count >= limit) return (count / (at + part.length)) * text.length;
  }
  return undefined;
}

/** A number that was not counted out: "about 340,000". */
export function aboutText(count: number): string {
  return `about ${Number(count.toPrecision(2)).toLocaleString("en")}`;
}
