/** A rendered chat template, or a piece of one: text of messages that looks like a special token is guarded. */
export interface ChatText {
  readonly guarded: string;
}

/** A token that stands outside the vocabulary's merges: found in text before anything else. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** false: a token of its own, but text all the same (`<think>`) */
  readonly special: boolean;
}

/** A piece of rendered text: an added token of the template, or text between them. */
export type ChatPiece = { readonly token: number } | { readonly text: string };

/**
 * Stands inside whatever looks like an added token but is data. A lone surrogate: no text that comes from
 * outside can hold one, because toWellFormed has replaced it, and no template writes one.
 */
const guard = "\uD800";

/** Text with a guard in every occurrence of one of the tokens' names. */
export function guardText(text: string, tokens: readonly AddedToken[]): ChatText {
  const wellFormed = text.toWellFormed();
  if (tokens.length === 0) return { guarded: wellFormed };
  const guarded = wellFormed.replace(
    namesOf(tokens),
    (name) => firstOf(name) + guard + name.slice(firstOf(name).length),
  );
  return { guarded };
}

/** Cuts rendered text into added tokens and the text between them, guards removed. */
export function splitChatText({ guarded }: ChatText, tokens: readonly AddedToken[]): ChatPiece[] {
  const ids = new Map(tokens.map((token) => [token.content, token.id]));
  const parts =
    tokens.length === 0 ? [guarded] : guarded.split(new RegExp(`(${namesOf(tokens).source})`, "u"));
  return parts
    .filter((part) => part !== "")
    .map((part) => {
      const token = ids.get(part);
      return token === undefined ? { text: removeGuards(part) } : { token };
    });
}

/** What a person or a file should see of rendered text. */
export const plainText = ({ guarded }: ChatText) => removeGuards(guarded);

/** The u flag spares characters of which D800 is only the first half. */
const removeGuards = (text: string) => text.replace(/\uD800/gu, "");

const firstOf = (text: string) => String.fromCodePoint(text.codePointAt(0) ?? 0);

/**
 * Longest first: of two names that begin alike the longer one is meant, as in the tokenizers library. Under the u flag an
 * escape that nothing needs is an error.
 */
function namesOf(tokens: readonly AddedToken[]): RegExp {
  const names = tokens.map((token) => token.content).toSorted((a, b) => b.length - a.length);
  return new RegExp(
    names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join("|"),
    "gu",
  );
}
