import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { cursorIsShown, FakeScreen, keys, ownFolders, project, PseudoTerminal } from "./pseudo-terminal.ts";
import { built, closeAfterTest, model, program } from "./program.ts";

const ctrlO = "\u000F";
const ctrlZ = "\u001A";
const left = "\u001B[D";
const down = "\u001B[B";
const statusRow = /[≥≤=][01]\.\d\d\S* {2}B\d+.*tok\/s/;
const working = /^(?:block|reading|loading|stopping|still working)/m;
const notice = /Grey is still masked|A replay|answer to replay/;

const squeezed = (text: string) => text.replaceAll(/\s/g, "");
const screenOf = (terminal: PseudoTerminal) => terminal.terminal.buffer.active.type;

const command = [program, "--model", model, "--doubt", "off", "--max-tokens", "80", "--view", "live"];

/** A chat that has answered, and has nothing more to say. */
async function answered(
  columns = 80,
  rows = 24,
  argv: readonly string[] = [],
  folder = project,
): Promise<PseudoTerminal> {
  const options = { columns, rows, folder, env: { ...ownFolders(), COLORTERM: "" } };
  const terminal = new PseudoTerminal(process.execPath, [...command, ...argv], options);
  closeAfterTest(terminal);
  await asked(terminal);
  return terminal;
}

async function asked(terminal: PseudoTerminal): Promise<void> {
  await terminal.until(/^> /m);
  await terminal.press("Tell me three facts about the sea.", keys.enter);
  await terminal.until((window) => statusRow.test(window) && !working.test(window));
  await terminal.until((window) => !notice.test(window));
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

  test("Ctrl-Z gives the terminal to the shell, and fg brings the replay back", async () => {
    const env = { ...ownFolders(), COLORTERM: "", PS1: "shell: " };
    const terminal = new PseudoTerminal("bash", ["--norc", "--noprofile", "-i"], { env });
    closeAfterTest(terminal);
    await terminal.until(/shell:\s*$/);
    await terminal.press(`'${[process.execPath, ...command].join("' '")}'\r`);
    await asked(terminal);
    await terminal.press(ctrlO);
    await terminal.until(/step (\d+) of \1 [^]*esc back/);
    const shown = terminal.window();
    await terminal.press(ctrlZ);
    await terminal.until(/Stopped[^]*shell:\s*$/);
    expect(screenOf(terminal)).toBe("normal");
    expect(cursorIsShown(terminal.raw)).toBe(true);
    expect(terminal.terminal.modes.bracketedPasteMode).toBe(true); // bash's own
    await terminal.press("stty -a | grep -o ' -*icanon'\r");
    await terminal.until(/^ icanon$/m);
    await terminal.press("fg\r");
    await terminal.until(/esc back/);
    expect(screenOf(terminal)).toBe("alternate");
    expect(terminal.window()).toEqual(shown);
    await terminal.press(left, keys.escape);
    await terminal.until(statusRow);
    expect(screenOf(terminal)).toBe("normal");
    await terminal.press(keys.ctrlD);
    await terminal.until(/shell:\s*$/);
  });

  test("keys that come while the screens change hands are echoed on neither", async () => {
    const terminal = await answered();
    const page = terminal.page();
    for (let time = 0; time < 3; time++) {
      for (const key of [ctrlO, left, down, left]) terminal.child.write(key);
      await terminal.until(/step \d+ of \d+[^]*esc back/);
      for (const key of ["q", left, left]) terminal.child.write(key);
      await terminal.until(statusRow);
    }
    expect(terminal.raw).not.toContain("^[");
    expect(terminal.raw).not.toContain("^O");
    expect(terminal.page()).toBe(page);
  });

  test("w writes the replay as a recording, and never over a file that is there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sdar-chat-"));
    writeFileSync(join(folder, "replay-1.cast"), "mine");
    const terminal = await answered(80, 24, [], folder);
    await terminal.press(ctrlO);
    await terminal.until(/step (\d+) of \1 [^]*esc back/);
    const shown = terminal.window().slice(0, 4);
    await terminal.press("w");
    await terminal.until(/^Written: .*replay-1-2\.cast$/m);
    expect(readFileSync(join(folder, "replay-1.cast"), "utf8")).toBe("mine");
    const [header, ...events] = readFileSync(join(folder, "replay-1-2.cast"), "utf8").trim().split("\n");
    expect(JSON.parse(header ?? "")).toMatchObject({ version: 2, width: 80, height: 24 });
    const player = new FakeScreen(80, 24);
    for (const event of events.slice(0, -1)) await player.write(String(JSON.parse(event)[2]));
    expect(player.window().slice(0, 4)).toEqual(shown);
    expect(player.scrollback()).toEqual([]);
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
