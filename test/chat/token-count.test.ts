import { expect, test } from "vitest";
import { checkRoom } from "../../src/chat/index.ts";
import { promptFor } from "../../src/chat/history.ts";
import { tooManyTokens } from "../../src/chat/token-count.ts";
import { openTokenizer } from "../../src/model/index.ts";
import { plainTemplate, tinyConfig, tokenizerFolder } from "../model/folders.ts";

const tokenizer = await openTokenizer({ path: await tokenizerFolder(plainTemplate), config: tinyConfig });
const megabyte = "a message that nobody has typed\n".repeat(32_000);

/** The same tokenizer; `encoded`: characters that it was given. */
function counting() {
  let encoded = 0;
  const encode = (text: string) => {
    encoded += text.length;
    return tokenizer.encode(text);
  };
  return { tokens: Object.assign(Object.create(tokenizer), { encode }), encoded: () => encoded };
}

test("a megabyte is refused by its beginning, with about how many tokens it has", () => {
  const { tokens, encoded } = counting();
  const refused =
    /^The message takes about [\d,]+,000 tokens and the model's context holds 512: .* Shorten it\.$/;
  expect(() => promptFor({ system: undefined, turns: [] }, megabyte, tokens, 512)).toThrow(refused);
  expect(() => promptFor({ system: megabyte, turns: [] }, "hi", tokens, 512)).toThrow(
    /^The system prompt alone takes about/,
  );
  expect(() => checkRoom({ name: "a.txt", text: megabyte }, tokens, 512)).toThrow(
    /^a\.txt takes about [\d,]+,000 tokens/,
  );
  expect(encoded()).toBeLessThan(50_000);
});

test.for(["a message that nobody has typed\n", "=", "日本語", "😀", "a1 "])(
  "of %j nothing that fits is refused, and the estimate is near",
  (part) => {
    const text = part.repeat(Math.ceil(30_000 / part.length));
    const { length } = tokenizer.encode(text);
    expect(tooManyTokens(text, tokenizer, length + 1)).toBeUndefined();
    const estimate = tooManyTokens(text, tokenizer, Math.floor(length / 3)) ?? 0;
    expect(Math.abs(estimate / length - 1)).toBeLessThan(0.1);
  },
);
