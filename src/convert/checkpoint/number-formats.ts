/** Number formats of checkpoint tensors, by their safetensors name. */
export const bytesPerNumber = { F32: 4, F16: 2, BF16: 2 } as const;
export type NumberFormat = keyof typeof bytesPerNumber;

export function isNumberFormat(name: string): name is NumberFormat {
  return Object.hasOwn(bytesPerNumber, name);
}

/** Little-endian numbers of `format` as 32-bit floats; every value of the 16-bit formats is kept exactly. */
export function widen(format: NumberFormat, bytes: Uint8Array): Float32Array {
  const count = bytes.byteLength / bytesPerNumber[format];
  if (format === "F32") {
    const copy = new Uint8Array(bytes);
    return new Float32Array(copy.buffer, 0, count);
  }
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : new Uint8Array(bytes);
  const halves = new Uint16Array(aligned.buffer, aligned.byteOffset, count);
  return format === "BF16" ? widenBrainFloats(halves) : widenHalfFloats(halves);
}

/** A bfloat16 is the upper half of a 32-bit float. */
function widenBrainFloats(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let at = 0; at < halves.length; at++) bits[at] = (halves[at] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}

let halfTable: Float32Array | undefined;

function widenHalfFloats(halves: Uint16Array): Float32Array {
  halfTable ??= Float32Array.from({ length: 65536 }, (_, bits) => halfFloat(bits));
  const out = new Float32Array(halves.length);
  for (let at = 0; at < halves.length; at++) out[at] = halfTable[halves[at] ?? 0] ?? 0;
  return out;
}

/** IEEE 754 binary16: a sign, 5 bits of exponent (bias 15), 10 of fraction. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
