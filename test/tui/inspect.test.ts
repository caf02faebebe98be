import { expect, test } from "vitest";
import type { EngineEvent } from "../../src/engine/index.ts";
import { runCommand } from "../../src/tui/commands/run.ts";
import { press } from "../../src/tui/keys/bindings.ts";
import { asciiGlyphs, unicodeGlyphs } from "../../src/tui/paint/glyphs.ts";
import { nextFrame } from "../../src/tui/paint/frame.ts";
import { submit } from "../../src/tui/store/sending.ts";
import type { ChatState } from "../../src/tui/store/state.ts";
import { happen } from "../../src/tui/store/update.ts";
import { rowText } from "../../src/tui/text/row.ts";
import { answering, openChat, settingsFor, tokensOf } from "./answers.ts";

const texts = ["The", " sky", " is", " blue", " sea", "\n"];
const tokens = tokensOf(texts);
const idle = openChat(tokens);
const settings = settingsFor(4);

const slot = (index: number, token: number, confidence: number, unmasked: boolean) => ({
  position: 10 + index,
  token,
  confidence,
  runnersUp: [
    { token: 6, probability: 0.2 },
    { token: 7, probability: 0.001 },
  ],
  unmasked,
});

const events: EngineEvent[] = [
  { type: "prefilled", promptTokens: 10, reusedTokens: 0, milliseconds: 5 },
  { type: "block_opened", block: 0, start: 10, ids: [1, 1, 1, 1], settings },
  {
    type: "denoised",
    block: 0,
    step: 0,
    slots: [slot(0, 2, 0.99, true), slot(1, 3, 0.62, false), slot(2, 4, 0.48, false), slot(3, 7, 0.91, true)],
    settings,
    rows: 4,
    milliseconds: 1,
    elapsed: 1,
  },
];

const after = (some: readonly EngineEvent[], state = submit(idle, "why?").state) =>
  some.reduce((each, event, now) => happen(each, { type: "event", event }, now).state, state);

const inspecting = (state: ChatState) => runCommand(state, "/inspect").state;
const rows = (state: ChatState, columns = 120, glyphs = unicodeGlyphs) =>
  nextFrame(state, { columns, rows: 40 }, glyphs).picture.rows.map((row) => rowText(row).trimEnd());

const line = (state: ChatState, columns = 80) => rows(state, columns).find((row) => row.startsWith("slot "));

test("from 100 columns on /inspect shows every slot: token, how sure, why it waits, and what else", () => {
  const shown = rows(inspecting(after(events)));
  const at = shown.findIndex((row) => row.startsWith("block 1  1"));
  expect(shown.slice(at, at + 4)).toEqual([
    'block 1  1 The               2 ░ sky             3 ░ is              4 "\\n"',
    "sure     .99 step 1          .62 waits           .48 waits           .91 step 1",
    "why      above .90           not above .90       not above .90       above .90",
    "or else  .20 sea             .20 sea             .20 sea             .20 sea",
  ]);
  expect(rows(inspecting(inspecting(after(events)))).join("\n")).not.toContain("or else");
});

test("on a narrower screen one slot is shown, the first that waits, and the arrows pick", () => {
  const state = inspecting(after(events));
  expect(line(state)).toBe("slot 2/4  ░ sky  .62  waits  not above .90  or .20 sea  ←→ slot");
  const right = press(state, "right", 70)?.state ?? idle;
  expect(line(right)).toBe("slot 3/4  ░ is  .48  waits  not above .90  or .20 sea  ←→ slot");
  expect(line(press(state, "left", 70)?.state ?? idle)).toMatch(
    /^slot 1\/4 {2}The {2}\.99 {2}step 1 {2}above \.90/,
  );
  expect(line(state, 30)).toBe("slot 2/4  ░ sky  .62  waits");
  const typing = { ...state, editor: { ...state.editor, text: "ab", cursor: 1 } };
  expect(press(typing, "right", 70)?.state.editor.cursor).toBe(2);
});

test("an idle screen shows the last block of the last answer, and says so where there was none", () => {
  expect(rows(inspecting(idle)).join("\n")).toContain("no block yet");
  const done = answering({ texts, blockLength: 4, order: [0], confidence: [0.97] }).at(-1) ?? idle;
  const shown = rows(inspecting(done)).join("\n");
  expect(shown).toContain("block 2  1 sea ");
  expect(shown).toMatch(/\.97 step 1 .*\.97 step 2/);
});

test("a slot's reason is of the step that decided it, whatever the threshold is now", () => {
  const later = { ...settings, threshold: 0.995 };
  const [, , first] = events;
  const second: EngineEvent[] =
    first?.type === "denoised"
      ? [{ ...first, step: 1, settings: later, slots: [slot(1, 3, 0.996, true), slot(2, 4, 0.48, false)] }]
      : [];
  const why = rows(inspecting(after([...events, ...second]))).find((row) => row.startsWith("why"));
  expect(why).toBe("why      above .90           above .99           not above .99       above .90");
});

test("for self_speculative it says which guess stood, which was refused and which were dropped", () => {
  const speculative = { ...settings, strategy: "self_speculative" } as const;
  const drafts = [3, 4, 6].map((token) => ({ token, probability: 0.8 }));
  const window: EngineEvent[] = [
    { type: "prefilled", promptTokens: 10, reusedTokens: 0, milliseconds: 5 },
    { type: "block_opened", block: 0, start: 10, ids: [1, 1, 1, 1], drafts, settings: speculative },
    {
      type: "denoised",
      block: 0,
      step: 0,
      slots: [slot(0, 3, 0.99, true), slot(1, 5, 0.62, true), slot(2, 6, 0.4, false), slot(3, 2, 0.3, false)],
      settings: speculative,
      rows: 4,
      milliseconds: 1,
      elapsed: 1,
    },
  ];
  const state = inspecting(after(window));
  const why = rows(state).find((row) => row.startsWith("why"));
  expect(why).toBe("why      guess stood         not is              guess dropped       guessed ahead");
  const struck = nextFrame(state, { columns: 120, rows: 40 }, unicodeGlyphs).picture.rows.flat();
  expect(struck.filter(({ style }) => style === "refused").map(({ text }) => text)).toContain("is");
});

test("what else the model thought of is told by name where it cannot be seen", () => {
  for (const [blank, name] of [
    ["\t", String.raw`"\t"`],
    ["\r", String.raw`"\r"`],
    [" ", '" "'],
    ["\u001B", '""'],
  ] as const) {
    const blanks = openChat(tokensOf(["The", " sky", " is", " blue", blank, "\n"]));
    expect(line(inspecting(after(events, submit(blanks, "why?").state)))).toContain(`or .20 ${name}`);
  }
});

test("in ASCII it is ASCII", () => {
  for (const columns of [120, 80])
    expect(rows(inspecting(after(events)), columns, asciiGlyphs).join("")).toMatch(/^[ -~]*$/);
});

test("where nothing stands below the page /inspect prints the slots, one a row", () => {
  const { state } = runCommand({ ...after(events), popups: false }, "/inspect");
  expect(state.inspecting).toBeUndefined();
  const note = state.page.find(({ kind }) => kind === "note");
  const printed = note?.kind === "note" ? note.lines.map(({ text }) => rowText(text)) : [];
  expect(printed).toHaveLength(4);
  expect(printed[1]).toBe("slot 2/4  . sky  .62  waits  not above .90  or .20 sea");
  expect(runCommand({ ...idle, popups: false }, "/inspect").state.notice?.text).toContain("no block yet");
});
