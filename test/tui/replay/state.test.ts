import * as fc from "fast-check";
import { expect, test } from "vitest";
import { pressReplay, replayBindings } from "../../../src/tui/replay/keys.ts";
import { chooseReplay } from "../../../src/tui/replay/choose.ts";
import {
  momentOf,
  nextTick,
  openReplay,
  selectedSlot,
  slotsAt,
  tick,
  type ReplayState,
} from "../../../src/tui/replay/state.ts";
import { scripts, tokensOf } from "../answers.ts";
import { reading } from "../markdown/markdowns.ts";
import { pressing, recorded, replayOfScript, script } from "./replays.ts";

const step = (state: ReplayState) => state.at + 1;
const picked = (state: ReplayState) => slotsAt(state)[selectedSlot(state)]?.label;

test("a replay opens at the last step, and every denoising step is one of it", () => {
  const events = recorded(script).events.filter((event) => event.type === "denoised");
  const state = pressing([]);
  expect(state.replay.moments).toHaveLength(events.length);
  expect(step(state)).toBe(events.length);
});

test("left and right go by steps, brackets by blocks, g and G to the ends", () => {
  expect(step(pressing(["left", "left"]))).toBe(5);
  expect(step(pressing(["left", "right"]))).toBe(7);
  expect(step(pressing(["["]))).toBe(5);
  expect(step(pressing(["[", "["]))).toBe(1);
  expect(step(pressing(["g"]))).toBe(1);
  expect(step(pressing(["g", "]"]))).toBe(5);
  expect(step(pressing(["g", "]", "]"]))).toBe(7);
  expect(step(pressing(["g", "G"]))).toBe(7);
  expect(step(pressing(["g", "left", "right"]))).toBe(2);
});

test("the slot that a step placed is picked, until one is picked by hand; in the next block again", () => {
  expect(picked(pressing(["g"]))).toBe(" sky");
  expect(picked(pressing(["g", "right"]))).toBe("The");
  expect(picked(pressing(["g", "down", "right"]))).toBe(" is");
  expect(picked(pressing(["g", "down", "]"]))).toBe(".");
  expect(selectedSlot(pressing(["g", "up", "up", "up"]))).toBe(0);
});

test("playing shows a step after the other and ends at the last one", () => {
  const playing = pressing(["g", " "]);
  expect(nextTick(playing)).toBe(1 + 125);
  expect(step(tick(playing, 120))).toBe(1);
  expect(step(tick(playing, 126))).toBe(2);
  const later = tick(tick(playing, 400), 520);
  expect(step(later)).toBe(5);
  expect(nextTick(tick(later, 10_000))).toBeUndefined();
  expect(step(tick(later, 10_000))).toBe(7);
});

test("playing from the last step starts over, and any move pauses", () => {
  expect(step(pressing([" "]))).toBe(1);
  expect(pressing([" "]).playing).toBe(0);
  for (const key of [" ", "left", "right", "[", "]", "up", "down", "g", "G"])
    expect(pressing([" ", key]).playing).toBeUndefined();
  for (const key of ["h", "m", "+", "-"]) expect(pressing([" ", key]).playing).toBeDefined();
});

test("a faster play shows more steps in the same time", () => {
  expect(step(tick(pressing(["+", "g", " "]), 140))).toBe(3);
  expect(step(tick(pressing(["-", "g", " "]), 140))).toBe(1);
});

test("Esc, q and Ctrl-C leave", () => {
  for (const key of ["esc", "q", "ctrl+c", "ctrl+o"]) expect(pressReplay(pressing([]), key, 0)).toBe("leave");
});

test("the last answer that has a step is replayed, or the one that was asked for", () => {
  const empty = { ...recorded(script, "nothing"), events: [] };
  const turns = [recorded(script, "one"), recorded(script, "two"), empty];
  const tokens = tokensOf(script.texts);
  expect(chooseReplay(turns, undefined, tokens)).toMatchObject({ title: "two", number: 2, of: 3 });
  expect(chooseReplay(turns, 1, tokens)).toMatchObject({ title: "one", number: 1 });
  expect(() => chooseReplay(turns, 3, tokens)).toThrow(
    "Answer 3 has no steps: nothing of it was decoded, or another model did.",
  );
  expect(() => chooseReplay(turns, 4, tokens)).toThrow(
    "There is no answer 4: the conversation has 3 answers.",
  );
  expect(() => chooseReplay([], undefined, tokens)).toThrow("There is no answer to replay yet.");
});

const anyKeys = fc.array(
  fc.oneof(
    fc.constantFrom(...replayBindings.flatMap(({ keys }) => keys)),
    fc.constant("tick"),
    fc.string({ maxLength: 3 }),
  ),
  { maxLength: 60 },
);

test("no sequence of keys and ticks leads out of the answer", () => {
  fc.assert(
    fc.property(scripts, anyKeys, fc.nat(1000), (from, keys, pace) => {
      let state = openReplay(replayOfScript(from), reading);
      for (const [index, key] of keys.entries()) {
        const now = index * pace;
        const next = key === "tick" ? tick(state, now) : pressReplay(state, key, now);
        if (typeof next === "string") continue;
        state = next;
        expect(state.replay.moments[state.at]).toBe(momentOf(state));
        const last = Math.max(0, slotsAt(state).length - 1);
        expect(selectedSlot(state)).toBeGreaterThanOrEqual(0);
        expect(selectedSlot(state)).toBeLessThanOrEqual(last);
      }
    }),
  );
});
