import { expect, test } from "vitest";
import { defaultSettings, type DecodingSettings } from "../../../src/engine/index.ts";
import { untrained } from "../../../src/tui/knobs/trained.ts";
import { runCommand } from "../../../src/tui/commands/run.ts";
import { unicodeGlyphs } from "../../../src/tui/paint/glyphs.ts";
import { nextFrame } from "../../../src/tui/paint/frame.ts";
import { press } from "../../../src/tui/keys/bindings.ts";
import { sayUntrained } from "../../../src/tui/store/knobs.ts";
import { rowText } from "../../../src/tui/text/row.ts";
import { openChat, tokensOf } from "../answers.ts";

const sdar = { name: "SDAR", blockContext: "block", trainedBlockLengths: [4] } as const;
const causal = { name: "small", blockContext: "causal", trainedBlockLengths: [4, 8] } as const;

const settings = (change: Partial<DecodingSettings>): DecodingSettings => ({
  ...defaultSettings(4),
  ...change,
});

const said = (change: Partial<DecodingSettings>, model: Parameters<typeof untrained>[1]) =>
  untrained(settings(change), model).map(({ key, sentence }) => `${key}: ${sentence}`);

test("a block length that the model was trained at needs no word", () => {
  expect(said({}, sdar)).toEqual([]);
  expect(said({ blockLength: 8 }, causal)).toEqual([]);
});

test("another one may make the text odd", () => {
  expect(said({ blockLength: 16 }, causal)).toEqual([
    "blockLength: block length 16: the model was trained at 1, 4 and 8; the text may be odd",
  ]);
});

test("block length 1 is what a model with causal context was before it learned blocks, and new to any other", () => {
  expect(said({ blockLength: 1 }, causal)).toEqual([]);
  expect(said({ blockLength: 1 }, sdar)).toHaveLength(1);
});

test("guesses that are checked never change the text, whose block length is 1", () => {
  expect(said({ strategy: "self_speculative", blockLength: 16 }, causal)).toEqual([
    "blockLength: block length 16: the model was trained at 1, 4 and 8; more guesses may be wrong, the text stays the same",
  ]);
  expect(said({ strategy: "self_speculative" }, sdar)).toEqual([
    "strategy: self_speculative writes the text of block length 1, and the model was trained at 4: it may be odd",
  ]);
});

test("with causal context, decoding in order writes the same text at any block length", () => {
  const inOrder = { strategy: "sequential", blockLength: 16 } as const;
  expect(said(inOrder, causal).join("")).toContain("the text stays the same");
  expect(said({ ...inOrder, denoisingSteps: 4 }, causal).join("")).toContain("the text may be odd");
  expect(said(inOrder, sdar).join("")).toContain("the text may be odd");
});

const idle = openChat(tokensOf([]));
const screen = (state: typeof idle) => {
  const { lines, picture } = nextFrame(state, { columns: 80, rows: 24 }, unicodeGlyphs);
  return [...lines, ...picture.rows].map(rowText).join("\n");
};

test("it is said when it is chosen, and marked in the status, the row of knobs and /set", () => {
  const chosen = press(idle, "alt+right", 70)?.state ?? idle;
  expect(chosen.notice?.text).toContain("trained at 4; the text may be odd");
  expect(chosen.notice?.style).toBe("warning");
  expect(screen(chosen)).toContain("≥0.90  B8*  ctx 0%");
  expect(screen(press(chosen, "tab", 70)?.state ?? idle)).toContain(" block 8* ");
  expect(screen(runCommand(chosen, "/set").state)).toMatch(/block-length .*\n.*trained at 4/);
});

test("what a chat begins with is said on its page", () => {
  expect(screen(sayUntrained({ ...idle, settings: settings({ blockLength: 32 }) }))).toContain(
    "Note: block length 32",
  );
  expect(sayUntrained(idle)).toBe(idle);
});
