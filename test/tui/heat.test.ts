import { expect, test } from "vitest";
import { runCommand } from "../../src/tui/commands/run.ts";
import { press } from "../../src/tui/keys/bindings.ts";
import { unicodeGlyphs } from "../../src/tui/paint/glyphs.ts";
import { nextFrame } from "../../src/tui/paint/frame.ts";
import type { Heat } from "../../src/tui/store/heat.ts";
import type { Row } from "../../src/tui/text/row.ts";
import { answering, openChat, tokensOf, type Script } from "./answers.ts";

const script: Script = {
  texts: ["The", " sky", " is", " blue", " today", "."],
  blockLength: 4,
  order: [0],
  confidence: [0.99, 0.7, 0.5, 0.3],
};

const doubtful = (rows: readonly Row[]) =>
  rows.flat().filter(({ style }) => style.startsWith("doubt")).length;

/** Doubtful pieces below while the answer is decoded, and of what it left on the page. */
function seen(heat: Heat) {
  const states = answering(script, "why?", openChat(tokensOf(script.texts), { heat }));
  const frames = states.map((state) => nextFrame(state, { columns: 80, rows: 24 }, unicodeGlyphs));
  return {
    below: Math.max(...frames.map(({ picture }) => doubtful(picture.rows))),
    page: doubtful(frames.at(-1)?.lines ?? []),
  };
}

test("doubt has its colours nowhere, in what can still change, or on the page too", () => {
  expect(seen("off")).toEqual({ below: 0, page: 0 });
  expect(seen("live").below).toBeGreaterThan(0);
  expect(seen("live").page).toBe(0);
  expect(seen("kept").below).toBeGreaterThan(0);
  expect(seen("kept").page).toBeGreaterThan(2);
});

test("Ctrl-T goes through the three and says what stays as it was, /heat takes one of them", () => {
  const idle = openChat(tokensOf([]));
  const names = ["ctrl+t", "ctrl+t", "ctrl+t"];
  const states = names.map((_, index) =>
    names.slice(0, index + 1).reduce((state, name) => press(state, name, 70)?.state ?? state, idle),
  );
  expect(states.map(({ heat }) => heat)).toEqual(["kept", "off", "live"]);
  expect(states.map(({ notice }) => notice?.text).join("\n")).toMatch(/rows above stay.*\n.*rows above keep/);
  expect(runCommand(idle, "/heat off").state.heat).toBe("off");
  expect(runCommand(idle, "/heat").state.heat).toBe("kept");
  expect(runCommand(idle, "/heat hot").state.notice?.text).toContain("off, live, kept");
});
