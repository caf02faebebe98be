import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { strokesOf } from "../../../src/tui/keys/key-name.ts";
import { paletteFor } from "../../../src/tui/paint/palette.ts";
import { Frames } from "../../../src/tui/shell/frames.ts";
import { Terminal } from "../../../src/tui/shell/terminal.ts";
import { keyboardInput, Output } from "../terminals.ts";

/** A terminal with a page on it; what is typed is kept by name. */
function opened(line: string) {
  const [input, output, read] = [keyboardInput(), new Output(), new Array<string>()];
  const terminal = new Terminal({
    input,
    output,
    frames: new Frames(paletteFor("mono", "dark")),
    breaksRows: false,
    onInput: (text, key) => {
      for (const stroke of strokesOf(text, key)) read.push(stroke.kind === "key" ? stroke.name : stroke.text);
    },
    onPaste: expect.unreachable,
    onReady: () => {},
    onStalledPaste: expect.unreachable,
    onEnd: () => {},
  });
  terminal.open(line);
  onTestFinished(() => terminal.close());
  return { input, output, read };
}

test("a terminal with kitty's protocol is asked for the Latin letters of keys: Ctrl-C is one in any layout", async () => {
  const { input, output, read } = opened("small");
  await vi.waitUntil(() => output.writes.join("").includes("\u001B[?u"));
  await delay(20);
  input.write("\u001B[?0u"); // the answer of one that has it
  await vi.waitUntil(() => output.writes.join("").includes("\u001B[>5u"));
  for (const key of ["\u001B[1089::99;5u", "\u001B[13;2u", "\u0441"]) {
    input.write(key);
    await delay(20);
  }
  expect(read).toEqual(["ctrl+c", "shift+enter", "\u0441"]);
});

test("whatever the first line has in it, it is a line and no more", () => {
  const { output } = opened("sdar-chat  SD\nAR\u001B]0;title\u0007");
  expect(output.writes[0]).toBe("sdar-chat  SD AR]0;title\n");
});
