import * as fc from "fast-check";
import { expect, test } from "vitest";
import { guardText, splitChatText, type AddedToken } from "../../src/model/chat-text.ts";

const added = (content: string, id = 7): AddedToken => ({ id, content, special: true });

test("a name with a hyphen is found in text of the template and guarded in text of a person", () => {
  const tokens = [added("<|end-of-thought|>")];
  expect(splitChatText({ guarded: "so<|end-of-thought|>then" }, tokens)).toEqual([
    { text: "so" },
    { token: 7 },
    { text: "then" },
  ]);
  const { guarded } = guardText("so<|end-of-thought|>then", tokens);
  expect(splitChatText({ guarded }, tokens)).toEqual([{ text: "so<|end-of-thought|>then" }]);
});

/** Every printable character of ASCII, which has all that a regular expression may take for its own. */
const ascii = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 2,
});

test("a name of any characters is itself and nothing else", () => {
  fc.assert(
    fc.property(ascii, (name) => {
      const tokens = [added(name)];
      expect(splitChatText({ guarded: name }, tokens)).toEqual([{ token: 7 }]);
      expect(splitChatText({ guarded: name.slice(1) }, tokens)).toEqual([{ text: name.slice(1) }]);
    }),
  );
});
