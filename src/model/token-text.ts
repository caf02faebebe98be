import { unfinishedBytes } from "./byte-level.ts";

/** Text decoded so far, and the bytes of a character that is not complete yet. */
export interface DecodedText {
  /** whole characters only; bytes that no continuation can complete are U+FFFD */
  readonly text: string;
  /** the first bytes of a character whose rest has not come, at most three */
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
   * `held` belongs to the first position.
   */
  pieces(held: Uint8Array, ids: readonly (number | undefined)[]): string[];
  /** What to call a token in a list: its text with its spaces, `<|im_end|>`, or `\xE2\x80` for a part of a character. */
  label(id: number): string;
  /** Ends a reply (one of the model's stop tokens). */
  isStop(id: number): boolean;
  /** Stands for a position that is not decided yet. */
  isMask(id: number): boolean;
}

/** What TokenText needs to know of a vocabulary. */
export interface TokenTable {
  /** bytes that the token adds to the text; empty for special tokens and unused ids */
  bytes(id: number): Uint8Array;
  /** how the vocabulary writes a token without bytes */
  name(id: number): string;
  readonly stopTokenIds: readonly number[];
  readonly maskTokenId: number;
}

const nothing = new Uint8Array();
const empty: DecodedText = { text: "", held: nothing };

export class ByteLevelText implements TokenText {
  readonly #table: TokenTable;
  readonly #utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

  constructor(table: TokenTable) {
    this.#table = table;
  }

  decode(ids: readonly number[]): string {
    return this.#utf8.decode(this.#join(nothing, ids));
  }

  append(held: Uint8Array, ids: readonly number[]): DecodedText {
    const bytes = this.#join(held, ids);
    const end = bytes.length - unfinishedBytes(bytes);
    return { text: this.#utf8.decode(bytes.subarray(0, end)), held: bytes.slice(end) };
  }

  pieces(held: Uint8Array, ids: readonly (number | undefined)[]): string[] {
    const texts = ids.map(() => "");
    let rest = held;
    let owner = 0; // position of the token that began the character in `rest`
    for (const [index, id] of ids.entries()) {
      const { text, held: left } = id === undefined ? empty : this.append(rest, [id]);
      const shared = rest.length > 0 ? firstCharacter(text) : "";
      texts[owner] += shared;
      texts[index] += text.slice(shared.length);
      if (text !== "" || rest.length === 0) owner = index;
      rest = left;
    }
    return texts;
  }

  label(id: number): string {
    const bytes = this.#table.bytes(id);
    if (bytes.length === 0) return this.#table.name(id);
    const text = this.#utf8.decode(bytes);
    return text.includes("\uFFFD") ? Array.from(bytes, inHex).join("") : text;
  }

  isStop(id: number): boolean {
    return this.#table.stopTokenIds.includes(id);
  }

  isMask(id: number): boolean {
    return id === this.#table.maskTokenId;
  }

  #join(held: Uint8Array, ids: readonly number[]): Uint8Array {
    return Buffer.concat([held, ...ids.map((id) => this.#table.bytes(id))]);
  }
}

const firstCharacter = (text: string) => /^./su.exec(text)?.[0] ?? "";

const inHex = (byte: number) => `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`;
