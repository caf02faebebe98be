import { expect, test } from "vitest";
import { defaultSettings, type DecodingSettings } from "../../src/engine/index.ts";
import { compare, decode } from "./decoded.ts";
import { freshSession } from "./sessions.ts";

const prompt = [7, 301, 44, 9, 250, 18, 3];

const ways: readonly (readonly [string, Partial<DecodingSettings>])[] = [
  ["block length 1", { strategy: "sequential", blockLength: 1 }],
  ["sequential", { strategy: "sequential" }],
  ["low_confidence_static, two a pass", { strategy: "low_confidence_static", denoisingSteps: 4 }],
  ["low_confidence_dynamic", { strategy: "low_confidence_dynamic", threshold: 0.02 }],
  ["entropy_bounded", { strategy: "entropy_bounded", entropyBudget: 6 }],
  [
    "self_speculative, drawn",
    { strategy: "self_speculative", draftThreshold: 0, temperature: 1, topK: 0, topP: 1 },
  ],
  [
    "self_speculative",
    {
      strategy: "self_speculative",
      draftThreshold: 0,
      lookaheadThreshold: 0,
      hedgeThreshold: 0,
      promptLookup: 0,
    },
  ],
];

test.for(ways)("%s: without a row of their own, first masks say the same", async ([, change]) => {
  const settings = { ...defaultSettings(8), maxTokens: 40, ...change };
  const request = { promptIds: prompt, settings };
  const shared = await decode(freshSession("carry-zero"), request);
  const apart = await decode(freshSession("carry-zero").withRowsApart(), request);
  const difference = compare(shared, apart, settings);
  expect(difference).toEqual({ largest: expect.closeTo(0, 4) });
  expect(shared.ids).toEqual(apart.ids);
});

test("a pass at block length 1 is one row, and drafts need no second one to be checked", async () => {
  const rows = { shared: 0, apart: 0 };
  for (const [name, session] of [
    ["shared", freshSession("carry-zero")],
    ["apart", freshSession("carry-zero").withRowsApart()],
  ] as const) {
    const settings = { ...defaultSettings(1), strategy: "sequential", maxTokens: 3 } as const;
    await decode(session, { promptIds: prompt, settings });
    rows[name] = session.rows.length;
  }
  expect(rows).toEqual({ shared: 1, apart: 2 });
});

test("a carry that is not nothing keeps its rows", () => {
  expect(freshSession("carry-tiny").form.sharesFirst).toBe(false);
  expect(freshSession("carry-zero").form.sharesFirst).toBe(true);
});
