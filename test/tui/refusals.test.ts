import { expect, test } from "vitest";
import type { Candidate, EngineEvent } from "../../src/engine/index.ts";
import { asciiGlyphs, unicodeGlyphs } from "../../src/tui/paint/glyphs.ts";
import { nextFrame } from "../../src/tui/paint/frame.ts";
import { paintRow, paletteFor } from "../../src/tui/paint/palette.ts";
import { paceOf } from "../../src/tui/pacing.ts";
import { nextWake } from "../../src/tui/store/clock.ts";
import { submit } from "../../src/tui/store/sending.ts";
import type { ChatState } from "../../src/tui/store/state.ts";
import { happen } from "../../src/tui/store/update.ts";
import { rowText, type Row } from "../../src/tui/text/row.ts";
import { openChat, settingsFor, tokensOf } from "./answers.ts";
import { reading } from "./markdown/markdowns.ts";

const tokens = tokensOf(["The", " sky", " is", " blue", " sea", "**", "\n"]);
const settings = { ...settingsFor(4), strategy: "self_speculative" } as const;
const draft = (token: number): Candidate => ({ token, probability: 0.8 });

/** Windows of self_speculative: the guesses that are checked, and the tokens that they turn out to be. */
function windows(
  ...all: { readonly drafts: number[]; readonly placed: number[]; readonly ahead?: number[] }[]
) {
  const events: EngineEvent[] = [{ type: "prefilled", promptTokens: 10, reusedTokens: 0, milliseconds: 5 }];
  let start = 10;
  for (const [block, { drafts, placed, ahead = [] }] of all.entries()) {
    const read = [...placed, ...drafts.slice(placed.length), ...ahead];
    const open = { block, start, ids: read.map(() => 1), drafts: drafts.map(draft), settings };
    const slots = read.map((token, index) => ({
      position: start + index,
      token,
      confidence: 0.99,
      runnersUp: [],
      unmasked: index < placed.length,
    }));
    const pass = { settings, rows: 4, milliseconds: 1, elapsed: block };
    events.push({ type: "block_opened", ...open }, { type: "denoised", block, step: 0, slots, ...pass });
    events.push({ type: "block_finished", block, start, ids: placed });
    start += placed.length;
  }
  return events;
}

function after(events: readonly EngineEvent[], changes: Partial<ChatState> = {}, now = 100): ChatState {
  const asked = submit(openChat(tokens, changes), "why?").state;
  return events.reduce((state, event) => happen(state, { type: "event", event }, now).state, asked);
}

const tail = (state: ChatState, glyphs = unicodeGlyphs): Row =>
  nextFrame(state, { columns: 80, rows: 24 }, glyphs).picture.rows[0] ?? [];

const first = { drafts: [], placed: [2] };
/** " is" was guessed behind "The sky", and the check says " blue". */
const refused = { drafts: [3, 4, 6], placed: [3, 5] };

test("a refused guess is struck out where it stood, and what took its place follows it", () => {
  const state = after(windows(first, refused));
  expect(rowText(tail(state))).toBe("The sky -is- blue");
  expect(tail(state).find(({ style }) => style === "refused")?.text).toBe("-is-");
  expect(paintRow(tail(state), paletteFor("16", "dark"))).toContain("\u001B[2;9m-is-\u001B[0m");
  expect(paintRow(tail(state), paletteFor("none", "dark"))).toBe("The sky -is- blue");
  expect(rowText(tail(state, asciiGlyphs))).toBe("The sky -is- blue");
});

test("it stands there before the block is finished too, and behind the next window it stays in its place", () => {
  const open = windows(first, refused).slice(0, -1);
  expect(rowText(tail(after(open)))).toMatch(/^The sky -is- blue/);
  const next = windows(first, refused, { drafts: [6], placed: [6, 2] }).slice(0, -2);
  expect(rowText(tail(after(next)))).toBe("The sky -is- blue sea ░░░");
});

test("a moment later it is gone, and the clock knows when", () => {
  const state = after(windows(first, refused));
  const end = nextWake(state) ?? 0;
  expect(end).toBe(250);
  expect(rowText(tail(happen(state, { type: "tick" }, end).state))).toBe("The sky blue");
});

test("at a slow view it stays as long as its step is shown", () => {
  const view = { pace: paceOf(2), motion: true };
  const state = after(windows(first, refused), { view });
  const shown = happen(state, { type: "tick" }, 700).state;
  expect(rowText(tail(shown))).toContain("The sky -is- blue");
  expect(rowText(tail(happen(shown, { type: "tick" }, 1100).state))).toContain("-is-");
  expect(rowText(tail(happen(shown, { type: "tick" }, 1300).state))).not.toContain("-is-");
});

test("guesses that stood, marks of Markdown and line feeds are not struck out", () => {
  expect(rowText(tail(after(windows(first, { drafts: [3], placed: [3, 4] }))))).toBe("The sky is");
  for (const mark of [7, 8]) {
    const state = after(windows(first, { drafts: [mark], placed: [3] }));
    expect(rowText(tail(state))).toBe("The sky");
  }
});

test("without motion nothing is struck out, and nothing struck out reaches the page", () => {
  const still = { pace: paceOf("live"), motion: false };
  expect(rowText(tail(after(windows(first, refused), { view: still })))).not.toContain("-is-");
  const ids = [2, 3, 5];
  const counts = { prefill: 1, denoise: 2, commit: 0, fused: 0 };
  const end: EngineEvent = {
    type: "finished",
    reason: "stop",
    ids,
    borders: [],
    passes: counts,
    milliseconds: 9,
  };
  const { lines, picture } = nextFrame(
    after([...windows(first, refused), end]),
    { columns: 80, rows: 24 },
    unicodeGlyphs,
  );
  expect(lines.map(rowText)).toEqual([" ", "> why?", "The sky blue"]);
  expect(picture.rows.map(rowText).join("\n")).not.toContain("-is-");
});

test("in a row that has gone it is not shown any more, and the row below stays as it is", () => {
  const later = { drafts: [6, 6, 6], placed: [6, 6, 6, 6] };
  const state = after(windows(first, refused, later), { reading });
  const { lines, picture } = nextFrame(state, { columns: 18, rows: 24 }, unicodeGlyphs);
  const [row = []] = picture.rows;
  expect(lines.map(rowText).at(-1)).toBe("The sky blue sea");
  expect(rowText(row)).toBe("sea sea sea");
});
