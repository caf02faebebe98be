import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stayOf } from "../../src/tui/shell/frame-timing.ts";

test("frames that cost little come as often as they are wanted", () => {
  expect(stayOf(0, 50)).toBe(50);
  expect(stayOf(4, 50)).toBe(50);
});

test("the frame rate gives way before drawing takes more than a twelfth of a core, and never for long", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1000, noNaN: true }), fc.constantFrom(50, 1000), (cost, pause) => {
      const stay = stayOf(cost, pause);
      expect(stay).toBeGreaterThanOrEqual(pause);
      expect(cost / stay <= 1 / 12 + 1e-9 || stay >= 200).toBe(true);
      expect(stay).toBeLessThanOrEqual(Math.max(pause, 200));
    }),
  );
});
