import { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { render, Text } from "ink";
import { createElement } from "react";
import { expect, test } from "vitest";
import { Screen } from "../../src/tui/shell/screen.ts";

const begin = "\u001B[?2026h";
const end = "\u001B[?2026l";

/** A terminal's output that remembers every write. */
class Output extends Writable {
  readonly isTTY = true;
  columns = 80;
  rows = 24;
  readonly writes: string[] = [];

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    this.writes.push(chunk);
    done();
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit("resize");
  }
}

const rest = 30;

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
  expect(output.writes).toEqual([`${begin}eraserowscursor${end}`, "mode"]);
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
  expect(output.writes).toEqual([`${begin}last${end}`]);
});

test("Ink marks a frame's begin and end by writes of their own", async () => {
  const { output, screen } = open();
  const instance = render(createElement(Text, null, "one"), {
    stdout: screen,
    patchConsole: false,
    interactive: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
  });
  await delay(50);
  output.writes.length = 0;
  instance.rerender(createElement(Text, null, "two"));
  await delay(50);
  expect(output.writes).toHaveLength(1);
  expect(output.writes[0]?.startsWith(begin) && output.writes[0].endsWith(end)).toBe(true);
  instance.unmount();
});
