import { expect, test } from "vitest";
import { widen } from "../../src/convert/checkpoint/number-formats.ts";

const bytesOf = (halves: readonly number[]) => new Uint8Array(Uint16Array.from(halves).buffer);

test("a bfloat16 widens to the 32-bit float of which it is the upper half", () => {
  expect([...widen("BF16", bytesOf([0x3f80, 0xbf80, 0x4049, 0x0001, 0x8000]))]).toEqual([
    1,
    -1,
    3.140625,
    2 ** -133,
    -0,
  ]);
});

test("a half float widens by sign, exponent and fraction", () => {
  expect([...widen("F16", bytesOf([0x3c00, 0xc000, 0x3555, 0x7bff, 0x0001, 0x0400, 0x8000]))]).toEqual([
    1,
    -2,
    0.333251953125,
    65504,
    2 ** -24,
    2 ** -14,
    -0,
  ]);
});

test("infinities and NaN of half floats stay what they are", () => {
  expect([...widen("F16", bytesOf([0x7c00, 0xfc00, 0x7e00]))]).toEqual([Infinity, -Infinity, NaN]);
});

test("every half float widens to its own number", () => {
  const finite = Array.from({ length: 65_536 }, (_, bits) => bits).filter(
    (bits) => (bits & 0x7c00) !== 0x7c00,
  );
  const wide = widen("F16", bytesOf(finite));
  expect(new Set(wide).size).toBe(finite.length - 1); // 0 and -0 are one in a set
});

test("32-bit floats pass, also from an odd place in a buffer", () => {
  const bytes = new Uint8Array(13);
  bytes.set(new Uint8Array(Float32Array.of(1.5, -2.25, 1e-30).buffer), 1);
  expect([...widen("F32", bytes.subarray(1))]).toEqual([1.5, -2.25, Math.fround(1e-30)]);
});

test("16-bit floats pass from an odd place in a buffer too", () => {
  const bytes = new Uint8Array(5);
  bytes.set(bytesOf([0x3f80, 0xc000]), 1);
  expect([...widen("BF16", bytes.subarray(1))]).toEqual([1, -2]);
});
