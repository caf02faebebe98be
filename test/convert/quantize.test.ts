import { array, assert, constantFrom, float, property } from "fast-check";
import { expect, test } from "vitest";
import { quantizeTo4Bits, quantizeTo8Bits } from "../../src/convert/weights/quantize.ts";
import { dequantize } from "./reference.ts";

function block(...numbers: number[]): Float32Array {
  return Float32Array.from({ length: 16 }, (_, at) => numbers[at] ?? 0);
}

test("8 bits: the largest number is 127 steps from zero, which is 128", () => {
  const { data, scales } = quantizeTo8Bits(block(1.27, -0.5, 0, 0.004), 16);
  expect(scales[0]).toBeCloseTo(0.01, 8);
  expect([...data.subarray(0, 4)]).toEqual([255, 78, 128, 128]);
});

test("4 bits: the number furthest from zero is -8, whatever its sign, and two share a byte, the first one low", () => {
  const { data, scales } = quantizeTo4Bits(block(8, -3, 1, 7.9), 16);
  expect(scales[0]).toBe(-1);
  expect([...data.subarray(0, 2)]).toEqual([0 | (11 << 4), 7 | (0 << 4)]);
  expect(data[2]).toBe(0x88);
});

test("4 bits: what would round beyond the upper end stays at it", () => {
  const { data } = quantizeTo4Bits(block(-8, 7.9), 16);
  expect(data[0]).toBe(0 | (15 << 4));
});

test("a block of zeros is zeros", () => {
  expect(quantizeTo8Bits(block(), 16)).toEqual({
    data: new Uint8Array(16).fill(128),
    scales: new Float32Array(1),
  });
  expect(quantizeTo4Bits(block(), 16).data).toEqual(new Uint8Array(8).fill(0x88));
});

test("each block has a scale of its own", () => {
  const { data, scales } = quantizeTo8Bits(
    Float32Array.from({ length: 48 }, (_, at) => at + 1),
    16,
  );
  expect([...scales].map((scale) => Math.round(scale * 127))).toEqual([16, 32, 48]);
  expect([data[15], data[16], data[31], data[47]]).toEqual([255, 128 + 67, 255, 255]);
});

const weights = array(float({ min: -100, max: 100, noNaN: true }), { minLength: 64, maxLength: 64 });

test("rounding moves no weight by more than half a step of its block", () => {
  assert(
    property(weights, constantFrom(16, 32, 64), constantFrom(8 as const, 4 as const), (list, size, bits) => {
      const numbers = Float32Array.from(list);
      const quantized = (bits === 8 ? quantizeTo8Bits : quantizeTo4Bits)(numbers, size);
      const back = dequantize(quantized, bits, size);
      back.forEach((value, at) => {
        const scale = Math.abs(quantized.scales[Math.floor(at / size)] ?? 0);
        // At the upper end of 4 bits there is no step for the last half.
        const most = bits === 8 ? scale / 2 : scale;
        expect(Math.abs(value - (numbers[at] ?? 0))).toBeLessThanOrEqual(most * 1.0001 + 1e-30);
      });
    }),
  );
});
