import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { EngineEvent } from "../../../src/engine/index.ts";
import { asciiGlyphs, unicodeGlyphs } from "../../../src/tui/paint/glyphs.ts";
import { replayBindings } from "../../../src/tui/replay/keys.ts";
import { replayOf } from "../../../src/tui/replay/moments.ts";
import { paintReplay } from "../../../src/tui/replay/paint.ts";
import { openReplay, type ReplayState } from "../../../src/tui/replay/state.ts";
import { rowText, rowWidth } from "../../../src/tui/text/row.ts";
import { eventsOf, scripts, settingsFor, tokensOf } from "../answers.ts";
import { reading } from "../markdown/markdowns.ts";
import { pressing, replayOfScript } from "./replays.ts";

const rowsOf = (state: ReplayState, columns = 80, rows = 24, glyphs = unicodeGlyphs) =>
  paintReplay(state, { columns, rows }, glyphs).rows.map((row) => rowText(row).trimEnd());

test("a step shows the text so far, the block's slots, what was done, the knobs and the track", () => {
  const rows = rowsOf(pressing(["g", "right"]));
  expect(rows[0]).toBe('replay  step 2 of 7  block 1 of 2  8/s  "why?"');
  expect(rows[2]).toBe("[The] sky ░░░ ░░░");
  expect(rows.slice(-9)).toEqual([
    '>  1  "The"     .99  step 2    above .90',
    '   2  " sky"    .70  step 1    forced: the surest',
    '   3  " is"     .50  open      not above .90',
    '   4  " blue"   .30  open      not above .90',
    "this step set 1 of 3 open  forced: 0  1.0 ms  4 rows  at 0.00 s",
    "knobs then:  dynamic  ≥0.90  B4  T0  seed 0",
    "▂▂▂▂▃▃▃  tokens a step",
    " ^ 2",
    "←→ step  [ ] block  space play  ↑↓ slot  h heat  m guesses  w write  esc back",
  ]);
  expect(rows).toHaveLength(23);
});

test("a probability just below the threshold does not look as if it had reached it", () => {
  const close = { texts: ["a", "b"], blockLength: 4, order: [0], confidence: [0.8999] };
  expect(rowsOf(pressing(["g"], close)).join("\n")).toMatch(/"a" +\.89 {2}step 1 +forced: the surest/);
});

test("open slots show masks, or on demand the guesses of that step", () => {
  expect(rowsOf(pressing(["g", "m"]))[2]).toBe("The [sky] is blue");
  expect(rowsOf(pressing(["g", "m", "m"]))[2]).toBe("░░░ [sky] ░░░ ░░░");
});

test("a token without a text is picked by its name", () => {
  expect(rowsOf(pressing(["G", "down", "down", "down"]))[2]).toBe("The sky is blue today.[<0>]");
});

test("heat off takes the colours of doubt, nothing else", () => {
  const [hot, cold] = [pressing(["g"]), pressing(["g", "h"])].map(
    (state) => paintReplay(state, { columns: 80, rows: 24 }, unicodeGlyphs).rows[2] ?? [],
  );
  expect(hot?.map(({ style }) => style)).toContain("doubt2");
  expect(cold?.map(({ style }) => style)).not.toContain("doubt2");
  expect(rowText(cold ?? [])).toBe(rowText(hot ?? []));
});

test("a knob that was turned before the step stands out", () => {
  const replay = replayOfScript({ texts: ["a", "b"], blockLength: 4, order: [0], confidence: [1] });
  const moments = replay.moments.map((moment, index) =>
    index === 1 ? { ...moment, settings: { ...settingsFor(4), threshold: 0.5 } } : moment,
  );
  const state = { ...openReplay({ ...replay, moments }, reading), at: 1 };
  const knobs = paintReplay(state, { columns: 80, rows: 24 }, unicodeGlyphs).rows.find((row) =>
    rowText(row).startsWith("knobs then"),
  );
  expect(knobs?.filter(({ style }) => style === "pending").map(({ text }) => text)).toEqual(["≥0.50"]);
});

test("a low or narrow window keeps the text, the picked slot, the track and the way back", () => {
  const rows = rowsOf(pressing(["g", "right"]), 40, 12, asciiGlyphs);
  expect(rows).toHaveLength(11);
  expect(rows.join("\n")).toContain("[The] sky ... ...");
  expect(rows.filter((row) => /"The" +\.99/.test(row))).toHaveLength(1);
  expect(rows.at(-2)).toBe(" ^ 2");
  expect(rows.at(-1)).toContain("esc back");
  expect(rowsOf(pressing([]), 19, 12)).toEqual(["too small"]);
});

test("of an answer with more steps than cells the track shows those around the present one", () => {
  const texts = Array.from({ length: 300 }, (_, index) => ` w${index}`);
  const long = { texts, blockLength: 4, order: [0], confidence: [1] };
  const steps = Array.from({ length: 100 }, () => "left");
  const rows = rowsOf(pressing(steps, long));
  expect(rows[0]).toContain("step 201 of 301");
  const caret = rows.find((row) => /^ *\^/.test(row)) ?? "";
  expect(caret.indexOf("^")).toBeLessThan(63);
});

test("the rows of a long answer that are shown are those of the picked slot", () => {
  const texts = Array.from({ length: 300 }, (_, index) => ` w${index}`);
  const long = { texts, blockLength: 4, order: [0], confidence: [1] };
  const at = (...keys: string[]) => rowsOf(pressing(keys, long), 60, 14).join("\n");
  expect(at("[", "[", "m")).toContain("[w292]");
  expect(at("[", "[", "m")).not.toContain("w0 ");
  expect(at("g", "m")).toContain("[w0]");
});

/** Another token behind the stop token, and all placed at once. */
const cutOff = (event: EngineEvent): EngineEvent => {
  if (event.type === "block_opened") return { ...event, ids: [1, 1, 1, 1] };
  if (event.type !== "denoised") return event;
  const behind = { position: 12, token: 2, confidence: 1, runnersUp: [], unmasked: true };
  const placed = event.slots.map((slot) => Object.assign({}, slot, { unmasked: true }));
  return { ...event, slots: [...placed, behind] };
};

test("what a stop token cuts off is neither counted nor shown", () => {
  const whole = eventsOf({ texts: ["a"], blockLength: 2, order: [0], confidence: [1] });
  const events = whole.map(cutOff);
  const turn = { user: "why?", reply: { settings: settingsFor(4) }, events };
  const rows = rowsOf(openReplay(replayOf([turn], 0, tokensOf(["a"])), reading));
  expect(rows.find((row) => row.startsWith("this step"))).toContain("set 1 of 2 open");
  expect(rows.filter((row) => /^[> ] {2}\d/.test(row))).toHaveLength(2);
});

const moves = fc.array(fc.constantFrom(...replayBindings.flatMap(({ keys }) => keys)), { maxLength: 20 });

test("in any window every row fits, and the last row stays free", () => {
  fc.assert(
    fc.property(
      scripts,
      moves,
      fc.integer({ min: 1, max: 130 }),
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom(asciiGlyphs, unicodeGlyphs),
      (from, keys, columns, rows, glyphs) => {
        const picture = paintReplay(pressing(keys, from), { columns, rows }, glyphs);
        expect(picture.rows.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
        for (const row of picture.rows) {
          expect(rowWidth(row)).toBeLessThanOrEqual(columns);
          expect(rowText(row)).not.toMatch(/\p{Cc}/u);
        }
      },
    ),
  );
});

test("whatever the window, one slot is picked, in the text and in the list", () => {
  fc.assert(
    fc.property(
      moves,
      fc.integer({ min: 40, max: 130 }),
      fc.integer({ min: 10, max: 50 }),
      (keys, columns, rows) => {
        const painted = rowsOf(pressing(keys), columns, rows);
        expect(painted.filter((row) => /^>  \d/.test(row))).toHaveLength(1);
        expect(painted.filter((row) => /\[(?! \])[^\]]*\]/.test(row) && !row.includes("block"))).toHaveLength(
          1,
        );
        expect(painted.filter((row) => /^ *\^ \d/.test(row))).toHaveLength(1);
      },
    ),
  );
});
