import { expect, test } from "vitest";
import { lookUp as lookUpIn } from "../../../src/engine/decoding/prompt-lookup.ts";

/** All of it a reply, unless it begins later. */
const lookUp = (ids: readonly number[], from = 0) => lookUpIn({ ids, from });

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
