import * as fc from "fast-check";
import { expect, test } from "vitest";
import { tokenBytes, unfinishedBytes } from "../../src/model/byte-level.ts";

/** What a streaming UTF-8 decoder holds back: the fewest bytes without which the rest gives the same text. */
function heldByDecoder(bytes: Uint8Array): number {
  const streamed = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: true });
  const without = (count: number) =>
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, bytes.length - count));
  return [0, 1, 2, 3].find((count) => without(count) === streamed) ?? -1;
}

/** Bytes at the borders of UTF-8's ranges. */
const byte = fc.constantFrom(
  0x41,
  0x7f,
  0x80,
  0x8f,
  0x90,
  0x9f,
  0xa0,
  0xbf,
  0xc1,
  0xc2,
  0xdf,
  0xe0,
  0xe1,
  0xed,
  0xef,
  0xf0,
  0xf1,
  0xf4,
  0xf5,
);

test("as many bytes are held back as a streaming decoder holds", () => {
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 6 }), (values) => {
      const bytes = Uint8Array.from(values);
      expect(unfinishedBytes(bytes)).toBe(heldByDecoder(bytes));
    }),
    { numRuns: 2000 },
  );
});

test("a token's bytes are read from the alphabet of byte-level BPE", () => {
  expect(tokenBytes("ĠtheĊ")).toEqual(Uint8Array.from(Buffer.from(" the\n")));
  expect(tokenBytes("Ã©")).toEqual(Uint8Array.from(Buffer.from("é")));
  expect(tokenBytes("中")).toBeUndefined();
});
