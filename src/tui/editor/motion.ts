/** Where the logical line around `index` begins. */
export function lineStart(text: string, index: number): number {
  return text.lastIndexOf("\n", index - 1) + 1;
}

/** Where it ends, its line feed not included. */
export function lineEnd(text: string, index: number): number {
  const found = text.indexOf("\n", index);
  return found === -1 ? text.length : found;
}

const wordCharacter = /[\p{L}\p{N}\p{M}_]/u;

/** Start of the word to the left, as readline's Alt-B. */
export function wordLeft(text: string, index: number): number {
  return skipLeft(text, skipLeft(text, index, isGap), isWord);
}

/** End of the word to the right, as readline's Alt-F. */
export function wordRight(text: string, index: number): number {
  return skipRight(text, skipRight(text, index, isGap), isWord);
}

/** The same to the left with words as what stands between spaces, as Ctrl-W takes them. */
export function spacedWordLeft(text: string, index: number): number {
  return skipLeft(text, skipLeft(text, index, isSpace), (character) => !isSpace(character));
}

const isWord = (character: string) => wordCharacter.test(character);
const isGap = (character: string) => !wordCharacter.test(character);
const isSpace = (character: string) => /\s/u.test(character);

function skipLeft(text: string, from: number, matches: (character: string) => boolean): number {
  let index = from;
  while (index > 0) {
    const low = text.charCodeAt(index - 1);
    const size = low >= 0xdc00 && low <= 0xdfff && index > 1 ? 2 : 1;
    if (!matches(text.slice(index - size, index))) break;
    index -= size;
  }
  return index;
}

function skipRight(text: string, from: number, matches: (character: string) => boolean): number {
  let index = from;
  while (index < text.length) {
    const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
    if (!matches(character)) break;
    index += character.length;
  }
  return index;
}
