import { describe, expect, test } from "vitest";
import { keys, ownFolders, PseudoTerminal } from "./pseudo-terminal.ts";
import { built, closeAfterTest, model, program } from "./program.ts";

const working = /^(?:block \d|reading|loading|stopping|still working)/m;
const right = "\u001B[C";

function openChat(columns: number, rows: number): PseudoTerminal {
  const env = { ...ownFolders(), COLORTERM: "" };
  const argv = [program, "--model", model, "--doubt", "off", "--block-length", "4"];
  return closeAfterTest(new PseudoTerminal(process.execPath, argv, { columns, rows, env }));
}

describe.skipIf(!built)("knobs and slots in a terminal", () => {
  test.for([
    [80, 24],
    [40, 12],
    [30, 8],
  ] as const)(
    "at %i x %i Tab opens it while an answer is decoded, and what is turned comes into force",
    async (size) => {
      const terminal = openChat(size[0], size[1]);
      await terminal.until((window) => window.includes("B4") && !working.test(window));
      await terminal.press("Write a very long story about the sea.", keys.enter);
      await terminal.until(/^block \d+/m);
      await terminal.press("\t", right, right, keys.up);
      await terminal.until(/\[block (?:4→)?8\]/);
      await terminal.until(/\[block 8\]/);
      expect(terminal.window().join("\n")).not.toMatch(/ctx \d/);
      await terminal.press(keys.escape);
      await terminal.until((window) => !window.includes("[block 8]"));
      expect(terminal.window().join("\n")).toMatch(/^block \d+/m);
      expect(terminal.window().filter((row) => row.includes(" B8")).length).toBe(1);
      await terminal.press(keys.escape);
      await terminal.until((window) => !working.test(window));
    },
  );

  test.for([
    [120, 40, /^why {2,}(?:not |guess)/m, /^block \d+ +1 /m],
    [80, 24, /^slot \d\/\d {2}/m, /^slot \d\/\d {2}/m],
  ] as const)(
    "at %i x %i /inspect shows the slots while an answer is decoded, and its last block after",
    async (size) => {
      const [columns, rows, live, idle] = size;
      const terminal = openChat(columns, rows);
      await terminal.until((window) => window.includes("B4") && !working.test(window));
      await terminal.press("/inspect", keys.enter);
      await terminal.until(/no block yet/);
      await terminal.press("Write a very long story about the sea.", keys.enter);
      await terminal.until(live);
      await terminal.press(keys.escape);
      await terminal.until((window) => !/^(?:block \d+ {2}\[|stopping)/m.test(window) && idle.test(window));
      expect(terminal.window().filter((row) => row.includes("B4")).length).toBe(1);
    },
  );
});
