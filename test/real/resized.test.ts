import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { keys, ownFolders, PseudoTerminal } from "./pseudo-terminal.ts";
import { built, closeAfterTest, model, program } from "./program.ts";

function openChat(): PseudoTerminal {
  const argv = [program, "--model", model, "--doubt", "off"];
  const env = { ...ownFolders(), COLORTERM: "" };
  return closeAfterTest(new PseudoTerminal(process.execPath, argv, { env }));
}

const statusRow = /[≥≤][01]\.\d\d\S* {2}B\d+/;
const liveRow = new RegExp(`${statusRow.source}|^block \\d+|░|^> message, or`);
const idle = (window: string) => statusRow.test(window) && !/^(?:block \d|reading|loading)/m.test(window);

describe.skipIf(!built)("a window of another size", () => {
  test("made tiny and large again it shows nothing that was meant for another size", async () => {
    const terminal = openChat();
    await terminal.until(idle);
    for (const [columns, rows, shown] of [
      [10, 3, /^too small$/m],
      [80, 24, idle],
    ] as const) {
      await terminal.resize(columns, rows);
      await delay(500);
      await terminal.until(shown);
    }
    expect(terminal.raw).not.toContain("message…");
  });

  test.for([
    ["Ctrl-D", 0, async (terminal: PseudoTerminal) => terminal.press(keys.ctrlD)],
    ["SIGTERM", 143, (terminal: PseudoTerminal) => terminal.child.kill("SIGTERM")],
  ] as const)("%s just after it leaves nothing of the live region", async ([, code, leave]) => {
    const terminal = openChat();
    await terminal.until(idle);
    await terminal.press("Write a story about a fox and a river.", keys.enter);
    await terminal.until(/^block \d+/m);
    await terminal.resize(100, 24);
    await delay(50);
    await leave(terminal);
    expect(await terminal.exit).toBe(code);
    expect(terminal.window().filter((row) => liveRow.test(row))).toEqual([]);
  });
});
