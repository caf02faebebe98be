import { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Picture } from "../../src/tui/paint/paint.ts";
import { rowsAboveCursor } from "../../src/tui/shell/broken-rows.ts";
import { Screen } from "../../src/tui/shell/screen.ts";
import { piece } from "../../src/tui/text/row.ts";
import { FakeScreen } from "../real/pseudo-terminal.ts";

const rest = 30;
// Nothing wide below the cursor: xterm.js does not take its cursor along where such a row is broken.
const texts = ["masks ".repeat(13), "", "block 12 ".repeat(7), "> what was typed", "status"];
const picture: Picture = { rows: texts.map((text) => [piece(text)]), cursor: { x: 2, y: 3 } };

const counted = (text: string, columns: number) =>
  rowsAboveCursor({ rows: [[piece(text)], []], cursor: { x: 0, y: 1 } }, columns);

test("a row becomes as many as the window has room for, and never none", () => {
  expect([80, 40, 39, 20].map((columns) => counted("x".repeat(40), columns))).toEqual([1, 1, 2, 2]);
  expect([counted("", 40), counted("東".repeat(20), 39)]).toEqual([1, 2]);
});

test("what some terminal has in one row is not counted as two", () => {
  expect(counted(`${"x".repeat(40)}   `, 40)).toBe(1);
  expect(counted("❤️".repeat(40), 40)).toBe(1);
});

test("without a cursor it is below the last row", () => {
  expect(rowsAboveCursor({ rows: picture.rows }, Infinity)).toBe(5);
});

/** A terminal whose window is resized, with text above a live region that was painted in 80 columns. */
class Window extends Writable {
  columns = 80;
  rows = 24;
  readonly terminal = new FakeScreen(80, 24);
  readonly screen: Screen;

  constructor(breaksRows: boolean) {
    super({ decodeStrings: false });
    if (!breaksRows) this.terminal.terminal.options.windowsPty = { backend: "conpty", buildNumber: 19_000 };
    this.screen = new Screen(this, { breaksRows, rest, latency: 5000 });
    this.screen.picture = () => picture;
    // As Ink does: it knows rows as it painted them, until it has erased them.
    let above = 3;
    this.screen.forget = () => {
      this.screen.write(above === 0 ? "" : `\u001B[${above}A\u001B[1G\u001B[J`);
      above = 0;
    };
    this.write(answer.map((row) => `${row}\r\n`).join(""));
    this.paint();
  }

  /** @param before what goes to the scrollback */
  paint(...before: readonly string[]): void {
    const live = `${texts.join("\r\n")}\u001B[1A\u001B[3G`;
    for (const part of ["\u001B[?2026h", ...before, live, "\u001B[?2026l"]) this.screen.write(part);
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    void this.terminal.write(chunk);
    done();
  }

  async resize(...sizes: readonly number[]): Promise<void> {
    for (const columns of sizes) {
      await this.terminal.write("");
      this.terminal.terminal.resize(columns, 24);
      this.columns = columns;
      this.emit("resize");
    }
    await delay(rest * 3);
    await this.terminal.write("");
  }

  /** Rows that are there, but for empty ones. */
  page(): string[] {
    return this.terminal
      .page()
      .split("\n")
      .filter((row) => row !== "");
  }
}

const answer = Array.from({ length: 30 }, (_, row) => `row ${row} of the answer`);

test.for([[[60]], [[60, 50, 40]], [[40, 70, 30]], [[50, 90]], [[79, 78, 50]]])(
  "a live region that %j columns broke is erased whole, and nothing else",
  async ([sizes]) => {
    const window = new Window(true);
    await window.resize(...(sizes ?? []));
    expect(window.page()).toEqual(answer);
  },
);

test("a row that the terminal read when it had been resized already is not erased as one that it broke", async () => {
  const window = new Window(true);
  await window.terminal.write("");
  window.terminal.terminal.resize(60, 24);
  window.paint("\u001B[3A\u001B[1G\u001B[J", "a late row\r\n");
  await window.resize(60);
  expect(window.page().filter((row) => !row.startsWith("masks"))).toEqual([...answer, "a late row"]);
});

test("where rows are cut, only as many are erased as were painted", async () => {
  const window = new Window(false);
  await window.resize(60, 40);
  // What xterm.js keeps right of its window is nobody's to see.
  expect(window.page().map((row) => row.slice(0, 40).trimEnd())).toEqual([...answer, ""]);
});

test("given back or handed over while it is broken, it is erased first", async () => {
  for (const give of ["release", "handOver"] as const) {
    const window = new Window(true);
    await window.terminal.write("");
    window.terminal.terminal.resize(40, 24);
    window.columns = 40;
    window.emit("resize");
    window.screen[give]();
    await window.terminal.write("");
    expect(window.page()).toEqual(answer);
  }
});
