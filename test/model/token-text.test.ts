import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { openTokenizer, type Tokenizer } from "../../src/model/index.ts";
import { tiny, tinyConfig, tokenizerFolder } from "./folders.ts";

const nothing = new Uint8Array();
let tokenizer: Tokenizer;

beforeAll(async () => {
  tokenizer = await openTokenizer({ path: await tokenizerFolder(), config: tinyConfig });
});

/** Emoji and accents that the tiny vocabulary can only write byte by byte. */
const text = fc.string({
  unit: fc.constantFrom("a", " ", "\n", "é", "中", "👩‍👧", "\u{10000}", "\uFEFF", "\uFFFD"),
});
/** Any bytes at all, as a model may choose them. */
const ids = fc.array(fc.integer({ min: 0, max: 511 }), { maxLength: 24 });

test("decoding undoes encoding", () => {
  fc.assert(
    fc.property(text, (written) => {
      expect(tokenizer.decode(tokenizer.encode(written))).toBe(written.normalize("NFC"));
    }),
  );
});

test("a streamed text never shows half a character, and is the same wherever it is cut", () => {
  fc.assert(
    fc.property(text, fc.nat(), (written, place) => {
      const all = tokenizer.encode(written);
      const cut = place % (all.length + 1);
      const first = tokenizer.append(nothing, all.slice(0, cut));
      const second = tokenizer.append(first.held, all.slice(cut));
      expect(written.normalize("NFC").startsWith(first.text)).toBe(true);
      expect(first.text + second.text).toBe(written.normalize("NFC"));
      expect(second.held).toHaveLength(0);
    }),
  );
});

test("any ids streamed one by one give the text of all of them", () => {
  fc.assert(
    fc.property(ids, (all) => {
      let shown = "";
      let held: Uint8Array = nothing;
      for (const id of all) {
        const next = tokenizer.append(held, [id]);
        shown += next.text;
        held = next.held;
      }
      const end = held.length > 0 ? "\uFFFD" : "";
      expect(shown + end).toBe(tokenizer.decode(all));
    }),
  );
});

test("the pieces of a row without gaps are its whole characters", () => {
  fc.assert(
    fc.property(ids, ids, (before, row) => {
      const { held } = tokenizer.append(nothing, before);
      expect(tokenizer.pieces(held, row).join("")).toBe(
        row.length === 0 ? "" : tokenizer.append(held, row).text,
      );
    }),
  );
});

test("a gap parts the text: what is left and right of it are decoded apart", () => {
  fc.assert(
    fc.property(ids, ids, (left, right) => {
      const pieces = tokenizer.pieces(nothing, [...left, undefined, ...right]);
      expect(pieces.slice(0, left.length)).toEqual(tokenizer.pieces(nothing, left));
      expect(pieces[left.length]).toBe("");
      expect(pieces.slice(left.length + 1)).toEqual(tokenizer.pieces(nothing, right));
    }),
  );
});

test("a character spread over tokens belongs to the first, once it is whole", () => {
  const bytes = tokenizer.encode("👧");
  expect(bytes.length).toBeGreaterThan(2);
  const [first, ...rest] = bytes;
  const letters = tokenizer.encode("a");
  expect(tokenizer.pieces(nothing, [...letters, ...bytes, ...letters])).toEqual([
    "a",
    "👧",
    ...rest.map(() => ""),
    "a",
  ]);
  expect(tokenizer.pieces(nothing, bytes.slice(0, -1)).join("")).toBe("");
  const { held } = tokenizer.append(nothing, [first ?? 0]);
  expect(tokenizer.pieces(held, rest)[0]).toBe("👧");
});

test("leading spaces and newlines stay", () => {
  const row = tokenizer.encode("\n\n  a");
  expect(tokenizer.pieces(nothing, row).join("")).toBe("\n\n  a");
});

test("special tokens and unused ids are never text, <think> is", () => {
  expect(tokenizer.decode([tiny.start, tiny.think, tiny.endThink, tiny.mask, tiny.end, 511])).toBe(
    "<think></think>",
  );
  expect(tokenizer.pieces(nothing, [tiny.end, tiny.think])).toEqual(["", "<think>"]);
});

test("every token has a name for a list", () => {
  const [first = 0] = tokenizer.encode("👧");
  expect([tiny.end, tiny.mask, tiny.think, 511].map((id) => tokenizer.label(id))).toEqual([
    "<|im_end|>",
    "<|MASK|>",
    "<think>",
    "[511]",
  ]);
  expect(tokenizer.label(first)).toBe(String.raw`\xF0`);
  expect(tokenizer.label(tokenizer.encode(" a")[0] ?? 0)).toMatch(/^ /);
});

test("stop tokens and the mask are those of the configuration", () => {
  expect([tiny.end, tiny.endOfText, tiny.start, 7].map((id) => tokenizer.isStop(id))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([tiny.mask, tiny.end].map((id) => tokenizer.isMask(id))).toEqual([true, false]);
});
