import { expect, test } from "vitest";
import type { DecodingFigures } from "../../src/bench/index.ts";
import { kindsText } from "../../src/cli/bench/decoding-text.ts";

const figures = (name: string, curve: string, tokensPerSecond: number): DecodingFigures => ({
  name,
  curve,
  blockLength: 4,
  tokensPerSecond,
  tokensPerSecondSpread: 0.1,
  ratio: tokensPerSecond / 50,
  ratioSpread: 0.08,
  tokensPerPass: 1.2,
  passesPerSecond: 40,
  millisecondsPerPass: 25,
  acceptedDrafts: 0.5,
  firstTextMilliseconds: 20,
});

test("by kind, the dial stands beside the fastest row that loses nothing, not beside a faster one that does", () => {
  const all = [
    figures("block length 1", "block length 1", 50),
    figures("self-speculative b2", "self_speculative", 60),
    figures("static 2 a pass b4", "low_confidence_static", 90),
    figures("auto exact", "auto", 57),
  ];
  const kinds = all.map((each) => ({ name: each.name, kinds: { list: each } }));
  const text = kindsText({ prompts: 1, questions: 0, rounds: 1, answers: 1, rows: [], kinds });
  expect(text).toMatch(/self-speculative b2\s+1\.20x 8% 1\.20/);
  expect(text).toMatch(/auto exact\s+0\.95x b4/);
});
