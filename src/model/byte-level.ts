/**
 * Byte-level BPE (GPT-2, and every SDAR checkpoint) writes a token's bytes as printable characters: a printable
 * Latin-1 byte as itself, the others, in order, as the characters from U+0100 on.
 */
const byteOf = byteAlphabet();

function byteAlphabet(): ReadonlyMap<number, number> {
  const alphabet = new Map<number, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) alphabet.set(printable(byte) ? byte : next++, byte);
  return alphabet;
}

function printable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

/** The bytes of a token as the vocabulary writes it; undefined if it is not written in the byte alphabet. */
export function tokenBytes(token: string): Uint8Array | undefined {
  const bytes = Array.from(token, (character) => byteOf.get(character.codePointAt(0) ?? -1));
  return bytes.every((byte) => byte !== undefined) ? Uint8Array.from(bytes) : undefined;
}

/**
 * Bytes at the end of `bytes` that begin a UTF-8 character whose rest is missing, 0..3; 0 also when nothing
 * that may follow could complete it (RFC 3629: lead byte and number of continuation bytes).
 */
export function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return lengthOf(byte) > back && isPossible(bytes.subarray(-back)) ? back : 0;
  }
  return 0;
}

const lengthOf = (lead: number) =>
  lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;

/** The second byte rules out overlong forms, surrogates and what lies beyond U+10FFFF. */
function isPossible(character: Uint8Array): boolean {
  const [lead = 0, second] = character;
  if (second === undefined) return true;
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second <= 0x9f;
  if (lead === 0xf0) return second >= 0x90;
  if (lead === 0xf4) return second <= 0x8f;
  return true;
}
