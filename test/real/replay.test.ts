import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { cursorIsShown, keys, ownFolders, PseudoTerminal } from "./pseudo-terminal.ts";
import { built, closeAfterTest, model, program } from "./program.ts";

const ctrlO = "\u000F";
const left = "\u001B[D";
const down = "\u001B[B";
const statusRow = /[≥≤=][01]\.\d\d\S* {2}B\d+.*tok\/s/;
const working = /^(?:block|reading|loading|stopping|still working)/m;
const notice = /Grey is still masked|A replay|answer to replay/;

const squeezed = (text: string) => text.replaceAll(/\s/g, "");
const screenOf = (terminal: PseudoTerminal) => terminal.terminal.buffer.active.type;

/** A chat that has answered, and has nothing more to say. */
async function answered(columns = 80, rows = 24, argv: readonly string[] = []): Promise<PseudoTerminal> {
  const all = [program, "--model", model, "--max-tokens", "80", "--view", "live", ...argv];
  const env = { ...ownFolders(), COLORTERM: "" };
  const terminal = new PseudoTerminal(process.execPath, all, { columns, rows, env });
  closeAfterTest(terminal);
  await terminal.until(/^> /m);
  await terminal.press("Tell me three facts about the sea.", keys.enter);
  await terminal.until((window) => statusRow.test(window) && !working.test(window));
  await terminal.until((window) => !notice.test(window));
  return terminal;
}

describe.skipIf(!built)("the replay of an answer", () => {
  test.for([
    [80, 24],
    [120, 40],
    [40, 12],
  ] as const)(
    "in %i x %i it scrubs on a screen of its own, and the page is as before",
    async ([columns, rows]) => {
      const terminal = await answered(columns, rows);
      const page = terminal.page();
      await terminal.press(ctrlO);
      await terminal.until(/step (\d+) of \1 /);
      expect(screenOf(terminal)).toBe("alternate");
      await terminal.press(left);
      await terminal.until(/step (\d+) of (?!\1 )\d+/);
      await terminal.press("g");
      await terminal.until(/step 1 of \d+[^]*░/);
      await terminal.press(down);
      await terminal.until(/^> {2}2/m);
      await terminal.press("]");
      await terminal.until(/block 2 of|step [2-8] of/);
      await terminal.press("G", "+", "+", "+", "+", " ");
      await terminal.until(/step ([2-9]|\d\d) of/);
      await terminal.press(keys.escape);
      await terminal.until(statusRow);
      expect(screenOf(terminal)).toBe("normal");
      expect(terminal.page()).toBe(page);
      await terminal.press("still here");
      await terminal.until(/^> still here/m);
    },
  );

  test("a window that is resized meanwhile is filled anew, and the page loses nothing", async () => {
    const terminal = await answered();
    const [, sentence = ""] = /sea\.\n([^]*?)\n\n/.exec(terminal.page()) ?? [];
    await terminal.press("/replay", keys.enter);
    await terminal.until(/step \d+ of \d+/);
    await terminal.resize(100, 30);
    await terminal.until((window) => window.split("\n").findIndex((row) => row.includes("esc back")) === 28);
    await terminal.resize(60, 14);
    await terminal.until((window) => window.split("\n").findIndex((row) => row.includes("esc back")) === 12);
    await terminal.press("q");
    await terminal.until(statusRow);
    expect(sentence.length).toBeGreaterThan(20);
    expect(squeezed(terminal.page())).toContain(squeezed(sentence));
  });

  test("what ends the program from outside also leaves the replay", async () => {
    const terminal = await answered();
    await terminal.press(ctrlO);
    await terminal.until(/step \d+ of \d+/);
    terminal.child.kill("SIGTERM");
    expect(await terminal.exit).toBe(143);
    expect(screenOf(terminal)).toBe("normal");
    expect(cursorIsShown(terminal.raw)).toBe(true);
    expect(terminal.raw.lastIndexOf("\u001B[?2004l")).toBeGreaterThan(
      terminal.raw.lastIndexOf("\u001B[?2004h"),
    );
  });

  test("there is none of an answer that is being decoded, or was never given", async () => {
    const terminal = await answered(80, 24, ["--max-tokens", "1000"]);
    await terminal.press("/replay 2", keys.enter);
    await terminal.until(/There is no answer 2: the conversation has one answer\./);
    await terminal.press("And the sky?");
    await terminal.until(/^> And the sky\?$/m);
    await terminal.press(keys.enter);
    await terminal.until(/^block \d+/m);
    await terminal.press(ctrlO);
    await terminal.until(/Press Esc to stop it, then replay it/);
    await delay(100);
    expect(screenOf(terminal)).toBe("normal");
  });
});
