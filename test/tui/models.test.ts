import { expect, test } from "vitest";
import { runCommand } from "../../src/tui/commands/run.ts";
import { nextFrame } from "../../src/tui/paint/frame.ts";
import { unicodeGlyphs } from "../../src/tui/paint/glyphs.ts";
import { submit } from "../../src/tui/store/sending.ts";
import type { ChatState } from "../../src/tui/store/state.ts";
import { happen } from "../../src/tui/store/update.ts";
import { rowText } from "../../src/tui/text/row.ts";
import { model, openChat, settingsFor, tokensOf } from "./answers.ts";

const tokens = tokensOf([]);
const idle = openChat(tokens);

function shown(state: ChatState): string {
  const { lines, picture } = nextFrame(state, { columns: 80, rows: 24 }, unicodeGlyphs);
  return [...lines, ...picture.rows].map(rowText).join("\n");
}

test("where no list can open, /model prints the models there are and says which one answers", () => {
  expect(runCommand(idle, "/model").effects).toEqual([{ type: "models" }]);
  const names = ["embedded", "sdar-1.7b"];
  const plain = { ...idle, popups: false };
  const page = shown(happen(plain, { type: "models", names, present: "tiny" }, 1).state);
  expect(page).toMatch(/^embedded\nsdar-1.7b\n\/model NAME switches, a path too. Now: tiny$/m);
});

test("/model NAME waits as for the first model, and what is sent meanwhile is queued", () => {
  const { state, effects } = runCommand({ ...idle, now: 5000 }, "/model sdar-1.7b");
  expect(effects).toEqual([{ type: "model", name: "sdar-1.7b" }]);
  expect(shown(state)).toContain("loading the model");
  const queued = submit(state, "hello").state;
  expect(queued.queue).toEqual([{ message: { text: "hello", inserts: [] }, files: [] }]);
  const settings = settingsFor(16);
  const { state: next } = happen(
    queued,
    { type: "switched", model: { ...model, name: "SDAR" }, settings },
    6000,
  );
  expect(next.settings.blockLength).toBe(16);
  const ready = happen(next, { type: "ready", tokens }, 6001);
  expect(ready.effects).toEqual([{ type: "send", text: "hello" }]);
  expect(shown(ready.state)).toMatch(/SDAR answers from here on\.[^]*Note: block length 16[^]*> hello/);
  expect(shown(ready.state)).toMatch(/ctx 0% {2}SDAR$/);
  expect(shown(idle)).toMatch(/ctx 0%$/);
});

test("whatever a model is called, its name stays in the status row", () => {
  const name = "SD\nAR\u001B]0;x\u0007";
  const { state } = happen(idle, { type: "switched", model: { ...model, name }, settings: idle.settings }, 1);
  expect(shown(state)).toMatch(/^dynamic .* ctx 0% {2}SD AR\]0;x$/m);
});

test("a model that cannot be had leaves the old one", () => {
  const { state } = runCommand(idle, "/model nothing");
  const ready = happen(state, { type: "ready", tokens }, 10).state;
  const back = happen(ready, { type: "said", text: "There is no model nothing.", good: false }, 10).state;
  expect(shown(back)).not.toContain("loading");
  expect(back.settings).toEqual(idle.settings);
  expect(back.notice?.text).toBe("There is no model nothing.");
});
