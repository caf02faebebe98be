import { expect, test } from "vitest";
import { sideTyped, type Comparison } from "../../../src/chat/index.ts";
import { UserError } from "../../../src/errors.ts";
import { runCommand } from "../../../src/tui/commands/run.ts";
import { nextFrame } from "../../../src/tui/paint/frame.ts";
import { unicodeGlyphs } from "../../../src/tui/paint/glyphs.ts";
import { press } from "../../../src/tui/keys/bindings.ts";
import { submit } from "../../../src/tui/store/sending.ts";
import type { ChatState } from "../../../src/tui/store/state.ts";
import { happen, type Happening } from "../../../src/tui/store/update.ts";
import { rowText } from "../../../src/tui/text/row.ts";
import { waitingAnswer, reduceAnswer } from "../../../src/chat/index.ts";
import { answering, eventsOf, openChat, settingsFor, tokensOf } from "../answers.ts";

const script = { texts: ["The", " sky", " is", " blue"], blockLength: 4, order: [0], confidence: [0.9] };
const tokens = tokensOf(script.texts);
const answered = { ...(answering(script).at(-1) ?? openChat(tokens)) };
const fast = sideTyped("fast");
const careful = sideTyped("careful");
const settings = settingsFor(4);

const playing = (state: ChatState, ...happenings: readonly Happening[]): ChatState =>
  happenings.reduce((before, happening, index) => happen(before, happening, before.now + index).state, state);

const decoded: readonly Happening[] = eventsOf(script).map((event) => ({ type: "event", event }));
const answer = eventsOf(script).reduce(
  (before, event) => reduceAnswer(before, event, tokens),
  waitingAnswer(settings),
);
const comparison: Comparison = {
  question: "hello",
  answers: [careful, fast].map((side, index) => ({
    side,
    settings,
    ids: [2, 3 + index],
    answer: index === 0 ? answer : { ...answer, text: "The sea" },
  })),
  parting: { at: 1, labels: [" sky", " sea"] },
};

/** All that goes to the scrollback. */
function linesOf(state: ChatState): string[] {
  const { lines } = nextFrame(state, { columns: 80, rows: 24 }, unicodeGlyphs);
  return lines.map((line) => rowText(line).trimEnd());
}

const idle: ChatState = { ...answered, page: [], answer: { ...answered.answer!, running: false } };

test("two sides are asked for by name, with a text of their own or the last message", () => {
  const asked = runCommand(idle, "/compare careful block=1,strategy=static -- Why -- really?");
  expect(asked.effects).toEqual([
    {
      type: "compare",
      sides: [
        careful,
        {
          name: "block=1,strategy=static",
          change: { blockLength: 1, strategy: "low_confidence_static" },
        },
      ],
      text: "Why -- really?",
    },
  ]);
  for (const wrong of ["/compare careful", "/compare", "/compare a b c", "/compare -- why?"])
    expect(runCommand(idle, wrong).effects).toEqual([]);
  expect(runCommand(idle, "/compare careful fast Why is the sky blue?").state.notice?.text).toBe(
    "What to ask goes behind --: /compare careful fast -- Why is the sky blue?",
  );
  expect(runCommand({ ...idle, turns: [] }, "/compare careful fast").state.notice?.text).toBe(
    "Nothing was asked yet: /compare careful fast -- QUESTION",
  );
});

const queued = ({ queue }: ChatState) => queue.map(({ message }) => message.text);

test("while both sides are decoded what is sent waits; afterwards the last answer is the last one again", () => {
  const begun = playing(idle, { type: "side", side: careful, settings }, ...decoded);
  const second = playing(begun, { type: "side", side: fast, settings });
  const { state: waiting } = submit(second, "next");
  expect(queued(waiting)).toEqual(["next"]);
  const held = playing(waiting, ...decoded);
  expect(queued(held)).toEqual(["next"]);
  const { effects } = happen(held, { type: "compared", comparison }, 99);
  expect(effects).toEqual([{ type: "send", text: "next" }]);
  expect(playing(second, ...decoded, { type: "compared", comparison }).answer).toBe(idle.answer);
});

test("both texts, the counts and the place where they part stay on the page", () => {
  const compared = playing(
    idle,
    { type: "side", side: careful, settings },
    ...decoded,
    { type: "side", side: fast, settings },
    ...decoded,
    { type: "compared", comparison },
  );
  const lines = linesOf(compared);
  expect(lines.filter((line) => line === "The sky is blue")).toHaveLength(2);
  expect(lines.find((line) => line.startsWith("fast  "))).toContain("doubt fast");
  expect(lines).toContain('They part at token 2: " sky" on the left, " sea" on the right.');
  expect(lines.slice(-3)).toEqual(["         The", "careful  sky is blue", "fast     sea"]);
  expect(lines.find((line) => line.startsWith("passes"))).toBe("passes            5          5  1.00x");
});

test("what went wrong is said, and the last answer is as it was", () => {
  const problem = new UserError("engine", "The engine's process ended.");
  const early = playing(idle, { type: "incomparable", problem });
  expect(early.answer).toBe(idle.answer);
  const late = playing(idle, { type: "side", side: careful, settings }, { type: "incomparable", problem });
  expect(late.answer).toBe(idle.answer);
  expect(linesOf(late).at(-1)).toBe("The engine's process ended.");
});

test("the status row shows the side's settings, and no knob as if it were about to change it", () => {
  const side = { ...settings, threshold: 0.55 };
  const state = playing(idle, { type: "side", side: fast, settings: side });
  const rows = nextFrame(state, { columns: 80, rows: 24 }, unicodeGlyphs).picture.rows.map(rowText);
  expect(rows.at(-1)).toContain("≥0.55");
  expect(rows.at(-1)).not.toContain("→");
  const turned = runCommand(state, "/set threshold 0.7").state;
  expect(turned.notice?.text).toBe("threshold 0.7 from the next answer");
});

test("who turns a knob meanwhile takes over from the dial of the conversation, not from the side", () => {
  const dialled: ChatState = { ...idle, settings: { ...settings, doubt: "balanced" } };
  const side = { ...settings, doubt: "fast", threshold: 0.55, blockLength: 16 } as const;
  const state = playing(dialled, { type: "side", side: fast, settings: side });
  expect(runCommand(state, "/set threshold 0.7").state.settings).toEqual({ ...settings, threshold: 0.7 });
  expect(press(state, "alt+up", 70)?.state.settings.threshold).toBe(0.95);
  const knobs = press(state, "tab", 70)?.state ?? state;
  const { rows } = nextFrame(knobs, { columns: 80, rows: 24 }, unicodeGlyphs).picture;
  expect(rows.map(rowText).at(-1)).toContain("block 4 ");
});
