import * as fc from "fast-check";
import { expect, test } from "vitest";
import { diffWords } from "../../src/chat/text-diff.ts";

test("what both texts have stands once, what one has stands for that one", () => {
  expect(diffWords("a b c d", "a b c d")).toEqual([{ kind: "same", text: "a b c d" }]);
  expect(diffWords("the sea is vast and deep now", "the sea is cold and deep now")).toEqual([
    { kind: "same", text: "the sea is" },
    { kind: "different", texts: ["vast", "cold"] },
    { kind: "same", text: "and deep now" },
  ]);
  expect(diffWords("", "one two")).toEqual([{ kind: "different", texts: ["", "one two"] }]);
  expect(diffWords("", "")).toEqual([]);
});

test("a word or two that are the same by chance do not cut a difference to pieces", () => {
  expect(diffWords("start x y of z w end", "start p q of r s end")).toEqual([
    { kind: "same", text: "start" },
    { kind: "different", texts: ["x y of z w", "p q of r s"] },
    { kind: "same", text: "end" },
  ]);
});

const words = fc.array(fc.constantFrom("a", "b", "c", "d", "and", "the"), { maxLength: 40 });

test("the stretches of a side are its words, and no two neighbours are of one kind", () => {
  fc.assert(
    fc.property(words, words, (a, b) => {
      const stretches = diffWords(a.join(" "), b.join("\n "));
      for (const side of [0, 1] as const) {
        const texts = stretches.map((each) => (each.kind === "same" ? each.text : each.texts[side]));
        expect(texts.filter((text) => text !== "").join(" ")).toBe((side === 0 ? a : b).join(" "));
      }
      expect(stretches.some(({ kind }, index) => kind === stretches[index + 1]?.kind)).toBe(false);
    }),
  );
});
