import { setTimeout as delay } from "node:timers/promises";
import { render, Text } from "ink";
import { createElement } from "react";
import { expect, test } from "vitest";
import { paletteFor } from "../../src/tui/paint/palette.ts";
import { Frames } from "../../src/tui/shell/frames.ts";
import { Keyboard } from "../../src/tui/shell/keyboard.ts";
import { Page } from "../../src/tui/shell/page.tsx";
import { Screen } from "../../src/tui/shell/screen.ts";
import { piece } from "../../src/tui/text/row.ts";
import { keyboardInput, Output } from "./terminals.ts";

const begin = "\u001B[?2026h";
const end = "\u001B[?2026l";

const rest = 30;

/** The text painted without rows being wrapped. */
const cut = (text: string) => `\u001B[?7l${text}\u001B[?7h`;

function open(): { output: Output; screen: Screen } {
  const output = new Output();
  return { output, screen: new Screen(output, { rest }) };
}

function frame(screen: Screen, ...parts: string[]): void {
  for (const part of [begin, ...parts, end]) screen.write(part);
}

test("a frame is one write", () => {
  const { output, screen } = open();
  frame(screen, "erase", "rows", "cursor");
  screen.write("mode");
  expect(output.writes).toEqual([`${begin}eraserows${cut("cursor")}${end}`, "mode"]);
});

test("while the size changes the frame is erased once and none is drawn", async () => {
  const { output, screen } = open();
  screen.forget = () => screen.write("erased");
  output.resize(70, 20);
  output.resize(60, 20);
  frame(screen, "dropped");
  expect(screen.held).toBe(true);
  expect(output.writes).toEqual(["erased"]);
  expect([screen.columns, screen.rows]).toEqual([80, 24]);
  await delay(rest * 3);
  expect(output.writes).toEqual(["erased"]);
  expect([screen.columns, screen.rows, screen.held]).toEqual([60, 20, false]);
});

test("when the size rests, listeners hear of the resize and then that they may draw", async () => {
  const { output, screen } = open();
  const heard: string[] = [];
  screen.on("resize", () => heard.push(`resize ${screen.columns}`)).on("ready", () => heard.push("ready"));
  output.resize(50, 20);
  await delay(rest * 3);
  expect(heard).toEqual(["resize 50", "ready"]);
});

test("released, it listens no more and lets frames through", async () => {
  const { output, screen } = open();
  output.resize(50, 20);
  screen.release();
  frame(screen, "last");
  output.resize(40, 20);
  await delay(rest * 3);
  expect(output.writes).toEqual([`${begin}${cut("last")}${end}`]);
});

const inkOptions = {
  patchConsole: false,
  interactive: true,
  incrementalRendering: true,
  exitOnCtrlC: false,
} as const;

test("Ink marks a frame's begin and end by writes of their own", async () => {
  const { output, screen } = open();
  const instance = render(createElement(Text, null, "one"), { stdout: screen, ...inkOptions });
  await delay(50);
  output.writes.length = 0;
  instance.rerender(createElement(Text, null, "two"));
  await delay(50);
  expect(output.writes).toHaveLength(1);
  expect(output.writes[0]?.startsWith(begin) && output.writes[0].endsWith(end)).toBe(true);
  instance.unmount();
});

test("Ink writes the live region by itself: it is cut at the edge, and what goes out for good is whole", async () => {
  const { output, screen } = open();
  const frames = new Frames(paletteFor("mono", "dark"));
  frames.show({ lines: [], picture: { rows: [[piece("live 1")]] } });
  const [onInput, onPaste, onSuspend] = [expect.unreachable, expect.unreachable, () => {}];
  const page = createElement(Page, { frames, onInput, onPaste, onSuspend });
  const instance = render(page, {
    stdout: screen,
    stdin: new Keyboard(keyboardInput(), expect.unreachable),
    ...inkOptions,
  });
  await delay(50);
  output.writes.length = 0;
  frames.show({ lines: [[piece("for good")]], picture: { rows: [[piece("live 2")]] } });
  await delay(50);
  expect(output.writes).toHaveLength(1);
  expect(output.writes[0]).toMatch(sequencesAround);
  instance.unmount();
});

// oxlint-disable-next-line no-control-regex
const sequencesAround = /^[^]*for good[^]*\u001B\[\?7l[^]*live 2[^]*\u001B\[\?7h\u001B\[\?2026l$/;
