import { expect, test } from "vitest";
import { idleNotes } from "../../src/cli/idle-options.ts";
import { decodingFor } from "../../src/cli/settings.ts";
import type { DecodingSettings } from "../../src/engine/index.ts";

const notesFor = (options: Partial<DecodingSettings>) =>
  idleNotes(options, decodingFor({ blockLength: 4 }, options));

test("of a dial that is named, the knobs beside it that it sets itself are spoken of, and no other", () => {
  const notes = notesFor({
    doubt: "balanced",
    threshold: 0.7,
    blockLength: 8,
    temperature: 0.5,
    maxTokens: 9,
  });
  expect(notes).toEqual([
    "--block-length has no effect while the dial is on (--doubt balanced).",
    "--threshold has no effect while the dial is on (--doubt balanced).",
  ]);
  expect(notesFor({ doubt: "exact", autoBlocks: "any", seed: 3 })).toEqual([]);
});

test("with the dial off a knob that its strategy makes nothing of is spoken of", () => {
  expect(notesFor({ doubt: "off", strategy: "sequential", threshold: 0.7, seed: 3 })).toEqual([
    "--threshold has no effect with sequential; it counts with low_confidence_dynamic.",
  ]);
  expect(notesFor({ doubt: "off", autoBlocks: "any" })).toEqual([
    "--auto-blocks has no effect while the dial is off.",
  ]);
});
