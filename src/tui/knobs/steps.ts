import type { Knob, KnobRange, KnobValue } from "../../engine/index.ts";

/** Which way a knob is turned. */
export type Direction = -1 | 1;

/** The value one turn further, or the same one at the end of the range. Choices and switches go round. */
export function turnedOnce({ range }: Knob, value: KnobValue, direction: Direction): KnobValue {
  if (range.kind === "switch") return value !== true;
  if (range.kind === "choice") {
    const at = range.of.indexOf(String(value)) + direction;
    return range.of[(at + range.of.length) % range.of.length] ?? value;
  }
  return range.kind === "whole" ? nextWhole(range, value, direction) : nextNumber(range, value, direction);
}

type Whole = Extract<KnobRange, { kind: "whole" }>;

/** The word that stands for a number lies below the smallest one. */
function nextWhole({ min, max = Infinity, word, doubles }: Whole, value: KnobValue, direction: Direction) {
  if (typeof value !== "number") return direction > 0 ? min : value;
  if (word !== undefined && direction < 0 && value <= min) return word;
  const next = doubles === true ? nextPower(value, direction) : value + direction;
  return Math.min(max, Math.max(min, next));
}

const nextPower = (value: number, direction: Direction) =>
  direction > 0 ? 2 ** (Math.floor(Math.log2(value)) + 1) : 2 ** (Math.ceil(Math.log2(value)) - 1);

function nextNumber(
  { min, max = Infinity, orZero, step = 0.05 }: Extract<KnobRange, { kind: "number" }>,
  value: KnobValue,
  direction: Direction,
): number {
  const next = Math.round((Number(value) + direction * step) * 100) / 100;
  return Math.min(max, Math.max(orZero === true ? 0 : min, next));
}
