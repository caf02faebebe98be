/*
 * What terminals with kitty's keyboard protocol send for a key with a modifier, where alternates are asked for:
 * ESC [ code : shifted : base ; modifiers u. `code` is the key's character in the layout that is in use, `base` the one
 * in a layout of Latin letters, sent where it is another.
 */
const keyWithBase = /\u001B\[(\d+):\d*:(\d+);(\d+(?::\d+)?)u/g; // oxlint-disable-line no-control-regex
const keyC = /^\u001B\[99(?::\d*){0,2};(\d+)(?::\d+)?u$/; // oxlint-disable-line no-control-regex

/** Bits of the modifiers, which are sent plus one. */
const alt = 2;
const ctrl = 4;
const locks = 64 | 128;

/**
 * Keys with Ctrl or Alt named by their Latin letter: Ctrl and the key of C is Ctrl-C in a Cyrillic, Greek or Hebrew
 * layout too. Letters of a Latin layout keep the place that they have in it.
 */
export function withLatinLetters(keys: string): string {
  return keys.replaceAll(keyWithBase, (sequence, code: string, base: string, modifiers: string) => {
    const isBound = (bitsOf(modifiers) & (alt | ctrl)) !== 0;
    const isLatin = /^[a-z]$/.test(String.fromCharCode(Number(base)));
    return isBound && isLatin && Number(code) > 127 ? `\u001B[${base};${modifiers}u` : sequence;
  });
}

/** Is it Ctrl-C and nothing else, in the old form or the protocol's? */
export function isCtrlC(keys: string): boolean {
  if (keys === "\u0003") return true;
  const modifiers = keyC.exec(withLatinLetters(keys))?.[1];
  return modifiers !== undefined && (bitsOf(modifiers) & ~locks) === ctrl;
}

const bitsOf = (modifiers: string) => Number.parseInt(modifiers, 10) - 1;
