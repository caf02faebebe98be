/** Text decoded so far, and the bytes of a character that is not complete yet. */
export interface DecodedText {
  /** whole characters only; bytes that no continuation can complete are U+FFFD */
  readonly text: string;
  /** the first bytes of a character whose rest has not come */
  readonly held: Uint8Array;
}

/**
 * What a token is in text. Special tokens (`<|im_end|>`, the mask, ...) are never text: they contribute nothing;
 * `label` is the one place where they have a name.
 */
export interface TokenText {
  /** The whole text of `ids`; an incomplete character is U+FFFD. */
  decode(ids: readonly number[]): string;
  /** Continues a text by `ids`: `held` is what the text before left over (empty at first). */
  append(held: Uint8Array, ids: readonly number[]): DecodedText;
  /**
   * The texts of a row of positions, one each; undefined is a position that has no token yet. Neighbours are
   * decoded together: a character spread over tokens belongs to the first of them and is "" until it is whole.
   */
  pieces(held: Uint8Array, ids: readonly (number | undefined)[]): string[];
  /** What to call a token in a list: its text with its spaces, `<|im_end|>`, or `\xE2\x80` for a part of a character. */
  label(id: number): string;
  /** Ends a reply (one of the model's stop tokens). */
  isStop(id: number): boolean;
  /** Stands for a position that is not decided yet. */
  isMask(id: number): boolean;
}
