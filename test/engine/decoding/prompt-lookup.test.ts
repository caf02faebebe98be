import * as fc from "fast-check";
import { expect, test } from "vitest";
import { follow, lookUp as lookUpIn } from "../../../src/engine/decoding/prompt-lookup.ts";

/** All of it a reply, unless it begins later. */
const lookUp = (ids: readonly number[], from = 0) => {
  const found = lookUpIn({ ids, from });
  return found && { token: found.token, alike: found.alike };
};

test("what followed the longest stretch that ends the text is found", () => {
  expect(lookUp([9, 1, 2, 3, 4, 8, 2, 3, 4, 7, 1, 2, 3, 4])).toEqual({ token: 8, alike: 4 });
});

test("of stretches of one length the latest counts", () => {
  expect(lookUp([1, 2, 3, 5, 1, 2, 3, 6, 1, 2, 3])).toEqual({ token: 6, alike: 3 });
});

test("fewer than three tokens alike are no stretch", () => {
  expect(lookUp([1, 2, 5, 1, 2])).toBeUndefined();
  expect(lookUp([1, 2, 3, 4, 5])).toBeUndefined();
  expect(lookUp([])).toBeUndefined();
  expect(lookUp([1, 1, 1])).toBeUndefined();
});

test("a stretch may reach into the one that it is compared with: a text that goes round in circles", () => {
  const circle = Array.from({ length: 40 }, (_, index) => index % 5);
  expect(lookUp(circle)).toEqual({ token: 0, alike: 35 });
  expect(lookUp([7, 7, 7, 7])).toEqual({ token: 7, alike: 3 });
});

test("a stretch lies in the reply, where it is found may be in the prompt", () => {
  const ids = [1, 2, 3, 4, 8, 1, 2, 3, 4];
  expect(lookUp(ids, 5)).toEqual({ token: 8, alike: 4 });
  expect(lookUp(ids, 6)).toEqual({ token: 8, alike: 3 });
  expect(lookUp(ids, 7)).toBeUndefined();
  expect(lookUp(ids, 9)).toBeUndefined();
});

const text = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 60 });

/** Every place compared with the end. */
function slowly(ids: readonly number[], from: number) {
  const end = ids.length;
  let best: { at: number; alike: number } | undefined;
  for (let at = 1; at < end; at++) {
    let alike = 0;
    while (alike < at && end - 1 - alike >= from && ids[at - 1 - alike] === ids[end - 1 - alike]) alike++;
    if (alike >= 3 && alike >= (best?.alike ?? 0)) best = { at, alike };
  }
  return best && { token: ids[best.at], ...best };
}

test("it is what comparing all places with the end finds", () => {
  fc.assert(
    fc.property(text, fc.nat(30), (ids, from) => {
      expect(lookUpIn({ ids, from })).toEqual(slowly(ids, from));
    }),
    { numRuns: 1000 },
  );
});

test("what follows its token is what looking up again finds", () => {
  fc.assert(
    fc.property(text, (ids) => {
      const found = lookUpIn({ ids, from: 0 });
      if (found === undefined) return;
      const longer = { ids: [...ids, found.token], from: 0 };
      expect(follow(found, longer)).toEqual(lookUpIn(longer));
    }),
    { numRuns: 1000 },
  );
});
